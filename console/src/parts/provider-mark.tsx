// A mark for a provider: its initials on a colour of its own.
import { Avatar } from '@mantine/core'

/** Dark enough for white letters. */
const colors = ['indigo.9', 'teal.9', 'grape.9', 'cyan.9', 'pink.9', 'violet.9', 'blue.9'] as const

export function ProviderMark({ name }: { name: string }) {
  const sum = [...name].reduce((sum, sign) => sum + sign.charCodeAt(0), 0)
  const words = name.split(/[_\s]+/)
  const initials = words.length > 1 ? words.map(([first]) => first).join('') : name.slice(0, 2)
  return (
    <Avatar
      color={colors[sum % colors.length] ?? 'indigo.9'}
      variant="filled"
      radius="md"
      size={36}
      aria-hidden="true"
    >
      <span aria-hidden="true">{initials.slice(0, 2).toUpperCase()}</span>
    </Avatar>
  )
}

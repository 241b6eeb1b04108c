// Light or dark, as the machine has it until somebody chooses.
import { Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { texts } from '../texts.ts'

export function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark'
  return (
    <Button
      variant="default"
      size="xs"
      px="xs"
      onClick={() => setColorScheme(other)}
      aria-label={texts.scheme[other]}
      title={texts.scheme[other]}
    >
      <span aria-hidden="true">{other === 'dark' ? '☾' : '☀'}</span>
    </Button>
  )
}

// A point in time as people say it, and exactly for who looks closer.
import { Text, Tooltip } from '@mantine/core'
import { texts } from '../texts.ts'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'medium' })

const steps = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** @param props.isAhead of what is still to come, though its time may have passed */
export function When({ at, isAhead = false }: { at: string | null; isAhead?: boolean }) {
  if (at === null) return <>{texts.never}</>
  const date = new Date(at)
  return (
    <Tooltip label={exact.format(date)}>
      <Text component="time" inherit dateTime={at}>
        {wordsFor(isAhead ? Math.max(1, secondsTo(date)) : secondsTo(date))}
      </Text>
    </Tooltip>
  )
}

function secondsTo(date: Date): number {
  return (date.getTime() - Date.now()) / 1_000
}

function wordsFor(seconds: number): string {
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit)
  }
  return seconds > 0 ? texts.soon : texts.justNow
}

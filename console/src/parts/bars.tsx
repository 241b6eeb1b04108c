// A small chart of bars over time, drawn as shapes of the page's own: its numbers are told in words, too.
import { Group, Paper, Stack, Text } from '@mantine/core'
import { texts } from '../texts.ts'

export type Series = {
  readonly name: string
  /** Of the theme, in which it is seen both in light and in dark. */
  readonly color: string
  readonly counts: readonly number[]
}

const height = 56
const barWidth = 8
const pitch = 10

/** Series stand upon each other. @param props.times when each bar begins */
export function Bars(props: { title: string; times: readonly string[]; series: readonly Series[] }) {
  const { title, times, series } = props
  const totals = times.map((_, at) => series.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0))
  const highest = Math.max(1, ...totals)
  const sums = series.map(({ name, counts }) => `${name} ${counts.reduce((sum, n) => sum + n, 0)}`)
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600} size="sm">
          {title}
        </Text>
        <svg
          className="bars"
          viewBox={`0 0 ${times.length * pitch} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={texts.overview.chart(title, sums.join(', '))}
        >
          <rect x={0} y={height - 1} width={times.length * pitch} height={1} className="axis" />
          {times.map((time, at) => (
            <Bar key={time} at={at} time={time} series={series} highest={highest} />
          ))}
        </svg>
        <Group gap="md">
          {series.map(({ name, color, counts }) => (
            <Group key={name} gap={6}>
              <svg width={10} height={10} aria-hidden="true">
                <rect width={10} height={10} rx={2} fill={`var(--mantine-color-${color})`} />
              </svg>
              <Text size="sm">
                {name} {counts.reduce((sum, n) => sum + n, 0).toLocaleString('en')}
              </Text>
            </Group>
          ))}
        </Group>
      </Stack>
    </Paper>
  )
}

const hour = new Intl.DateTimeFormat('en', { weekday: 'short', hour: '2-digit', minute: '2-digit' })

function Bar(props: { at: number; time: string; series: readonly Series[]; highest: number }) {
  const { at, time, series, highest } = props
  let top = height - 1
  return (
    <g>
      <title>{`${hour.format(new Date(time))}: ${series.map(({ name, counts }) => `${counts[at] ?? 0} ${name}`).join(', ')}`}</title>
      {/* As tall as the chart, so that the pointer finds it wherever it is. */}
      <rect x={at * pitch} y={0} width={pitch} height={height} fill="transparent" />
      {series.map(({ name, color, counts }) => {
        const count = counts[at] ?? 0
        // What there is can be seen, however much there was at another time.
        const tall = count === 0 ? 0 : Math.max(2, (count / highest) * (height - 4))
        top -= tall
        return (
          <rect
            key={name}
            x={at * pitch + 1}
            y={top}
            width={barWidth}
            height={tall}
            rx={1}
            fill={`var(--mantine-color-${color})`}
          />
        )
      })}
    </g>
  )
}

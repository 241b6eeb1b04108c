// How a connection is, in a word and a colour.
import { Badge } from '@mantine/core'
import type { HealthStatus } from '../hub.ts'
import { texts } from '../texts.ts'

export const healthColors: Readonly<Record<HealthStatus, string>> = {
  healthy: 'teal',
  degraded: 'yellow',
  rejected: 'red',
  unreachable: 'orange',
  rate_limited: 'orange',
  unverified: 'gray.6',
  unverifiable: 'gray.6',
}

export function HealthBadge({ status }: { status: HealthStatus }) {
  return (
    <Badge variant="dot" color={healthColors[status]} tt="none" fw={500} style={{ flex: 'none' }}>
      {texts.health[status]}
    </Badge>
  )
}

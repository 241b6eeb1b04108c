// Whether an integration can stand on invoices, and what hangs on it.
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Integration, mortise } from '../hub.ts'
import { HealthBadge } from '../parts/health.tsx'
import { Section } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'

/** All but the second line of an address have to be there. */
const needed = ['name', 'email', 'recipient', 'address_line_1', 'zip_code', 'city'] as const
/** Of those that hang on it, more are not named. */
const namedMax = 5

export function Readiness({ integration }: { integration: Integration }) {
  const missing = needed.filter((name) => integration[name].trim() === '')
  const isReady = missing.length === 0
  return (
    <Group gap="xs">
      <Badge variant="light" color={isReady ? 'teal' : 'yellow'} tt="none" fw={500} className="readable">
        {isReady ? texts.readiness.ready : texts.readiness.notReady}
      </Badge>
      {!isReady && (
        <Text size="sm">
          {texts.readiness.missing(missing.map((name) => texts.integrations.members[name]))}
        </Text>
      )}
    </Group>
  )
}

export function Hanging({ integration: { id } }: { integration: Integration }) {
  const mayConnections = useMay('connections:read')
  const mayWebhooks = useMay('webhooks:read')
  const hub = mortise.as(id)
  const connections = useQuery({
    queryKey: ['connections', id, 'hanging'],
    queryFn: ({ signal }) => hub.connections.list({ signal, query: { page_size: String(namedMax) } }),
    enabled: mayConnections,
  })
  const webhooks = useQuery({
    queryKey: ['webhooks', id, 'hanging'],
    queryFn: ({ signal }) => hub.webhooks.list({ signal, query: { page_size: '1' } }),
    enabled: mayWebhooks,
  })
  const error = connections.error ?? webhooks.error
  const count = connections.data?.count ?? 0
  const hooks = webhooks.data?.count ?? 0
  const isKnown = (connections.data || !mayConnections) && (webhooks.data || !mayWebhooks)
  return (
    <Section title={texts.readiness.hanging}>
      <Stack gap="xs">
        {error && <Problem error={error} />}
        {isKnown && count + hooks === 0 && <Text c="dimmed">{texts.readiness.nothing}</Text>}
        {count > 0 && (
          <Group justify="space-between">
            <Text>{texts.readiness.connections(count)}</Text>
            <Link to="/console/as/$integration/connections" params={{ integration: id }}>
              <Button component="span" size="xs" variant="default">
                {texts.readiness.showAll}
              </Button>
            </Link>
          </Group>
        )}
        {connections.data?.results.map(({ id: connection, title, health }) => (
          <Group key={connection} gap="xs">
            <Link
              to="/console/as/$integration/connections/$id"
              params={{ integration: id, id: String(connection) }}
            >
              {title}
            </Link>
            <HealthBadge status={health.status} />
          </Group>
        ))}
        {hooks > 0 && <Text>{texts.readiness.webhooks(hooks)}</Text>}
      </Stack>
    </Section>
  )
}

// What a connection's page tells: its fields, earlier secrets, checks and uses.
import { Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AsCode } from '../code/as-code.tsx'
import { type Connection, type Mortise, mortise, type Provider } from '../hub.ts'
import { HealthBadge } from '../parts/health.tsx'
import { Section } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { texts } from '../texts.ts'

type Given = { connection: Connection; provider?: Provider | undefined }

export function Fields({ connection, provider }: Given) {
  const { fields, secrets } = connection
  const titleOf = (name: string) => provider?.fields[name]?.title ?? name
  return (
    <Section title={texts.connections.fields}>
      <dl className="facts">
        {Object.entries(fields).map(([name, value]) => (
          <Fact key={name} title={titleOf(name)}>
            {value === null || value === undefined ? (
              <Text c="dimmed">{texts.connections.notSet}</Text>
            ) : (
              <Text ff="monospace" size="sm" lineClamp={6} style={{ whiteSpace: 'pre-wrap' }}>
                {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
              </Text>
            )}
          </Fact>
        ))}
        {Object.entries(secrets).map(([name, { set, hint, updated_at }]) => (
          <Fact key={name} title={titleOf(name)}>
            {set ? (
              <Text size="sm">
                <Text span ff="monospace" inherit>
                  {hint}
                </Text>{' '}
                <Text span c="dimmed" inherit>
                  {texts.connections.setAt} <When at={updated_at} />
                </Text>
              </Text>
            ) : (
              <Text c="dimmed">{texts.connections.notSet}</Text>
            )}
          </Fact>
        ))}
      </dl>
    </Section>
  )
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  )
}

export function Previous({ connection, provider }: Given) {
  const { id, integration } = connection
  const connections = mortise.as(integration).connections
  const queryClient = useQueryClient()
  const { data } = useQuery({
    queryKey: ['previous', integration, id],
    queryFn: ({ signal }) => connections.previous(id, { signal }),
  })
  const restore = useMutation({
    mutationFn: (field: string) => connections.restore(id, { fields: [field] }),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const kept = Object.entries(data?.secrets ?? {})
  const all = (hub: Mortise) =>
    hub.as(integration).connections.restore(id, { fields: kept.map(([name]) => name) })
  if (kept.length === 0) return null
  return (
    <Section title={texts.connections.previous} actions={<AsCode act={all} />}>
      <Stack gap="sm">
        {kept.map(([name, { hint, replaced_at, restorable_until }]) => (
          <Group key={name} justify="space-between">
            <Text size="sm">
              {provider?.fields[name]?.title ?? name}{' '}
              <Text span ff="monospace" inherit>
                {hint}
              </Text>{' '}
              <Text span c="dimmed" inherit>
                {texts.connections.replaced} <When at={replaced_at} />, {texts.connections.kept}{' '}
                <When at={restorable_until} />
              </Text>
            </Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => restore.mutate(name)}
              loading={restore.isPending}
            >
              {texts.connections.restore}
            </Button>
          </Group>
        ))}
        {restore.error && <Problem error={restore.error} />}
      </Stack>
    </Section>
  )
}

export function Checks({ connection: { id, integration, health } }: Given) {
  const { data, error } = useQuery({
    queryKey: ['checks', integration, id, health.checked_at],
    queryFn: ({ signal }) => mortise.as(integration).connections.checks(id, { signal }),
  })
  return (
    <Section
      title={texts.connections.checks}
      actions={<AsCode act={(hub) => hub.as(integration).connections.checks(id)} />}
    >
      {error && <Problem error={error} />}
      {data?.checks.length === 0 && <Text c="dimmed">{texts.connections.noChecks}</Text>}
      {data && data.checks.length > 0 && (
        <ScrollArea.Autosize
          mah={320}
          viewportProps={{ tabIndex: 0, 'aria-label': texts.connections.checks }}
        >
          <Table>
            <Table.Tbody>
              {data.checks.map(({ at, cause, status, reason, duration_ms }) => (
                <Table.Tr key={at}>
                  <Table.Td w={130} valign="top">
                    <HealthBadge status={status} />
                  </Table.Td>
                  <Table.Td>
                    <When at={at} />
                    <Text size="sm" c="dimmed">
                      {texts.causes[cause]}, {texts.milliseconds(duration_ms)}
                    </Text>
                    {reason !== null && <Text size="sm">{reason}</Text>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </Section>
  )
}

export function Usage({ connection: { id, integration } }: Given) {
  const { data, error } = useQuery({
    queryKey: ['usage', integration, id],
    queryFn: ({ signal }) => mortise.as(integration).connections.usage(id, { signal }),
  })
  return (
    <Section
      title={texts.connections.usage}
      actions={<AsCode act={(hub) => hub.as(integration).connections.usage(id)} />}
    >
      {error && <Problem error={error} />}
      {data?.keys.length === 0 && <Text c="dimmed">{texts.connections.noUsage}</Text>}
      <Stack gap={4}>
        {data?.keys.map(({ key, name, last_used_at, times }) => (
          <Text size="sm" key={key ?? ''}>
            <b>{key === null ? texts.commandLine : (name ?? key)}</b> {texts.connections.times(times)},{' '}
            {texts.connections.last} <When at={last_used_at} />
          </Text>
        ))}
      </Stack>
    </Section>
  )
}

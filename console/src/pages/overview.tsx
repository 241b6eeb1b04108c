// The first page: what needs attention, why, and what to press; then how everything is, and what happened.
import { Button, Group, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Activity, getOverview, type HealthStatus, type Overview as OverviewData } from '../hub.ts'
import { Bars } from '../parts/bars.tsx'
import { EventRow } from '../parts/event-row.tsx'
import { HealthBadge, healthColors } from '../parts/health.tsx'
import { Empty, Page, Part, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { useIntegration } from '../shell/integration-switch.tsx'
import { texts } from '../texts.ts'
import { EndingKey, FailingWebhookRow, Unwell } from './attention.tsx'

export function Overview() {
  const { data, error } = useQuery({
    queryKey: ['overview'],
    queryFn: getOverview,
    refetchInterval: 30_000,
  })
  return (
    <Page title={texts.overview.title}>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting />}
      {data && <Found overview={data} />}
    </Page>
  )
}

function Found({ overview }: { overview: OverviewData }) {
  const { connections, activity, events, vault } = overview
  const total = Object.values(connections).reduce((sum, count) => sum + count, 0)
  return (
    <>
      {total === 0 ? <NoConnections /> : <Counts counts={connections} total={total} />}
      <Attention overview={overview} />
      {activity && (
        <Part title={texts.overview.day}>
          <Day activity={activity} />
        </Part>
      )}
      {events && events.length > 0 && (
        <Part
          title={texts.overview.recent}
          actions={<Link to="/console/events">{texts.overview.allEvents}</Link>}
        >
          <Paper withBorder component="ul" className="rows">
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </Paper>
        </Part>
      )}
      <VaultLine vault={vault} />
    </>
  )
}

function NoConnections() {
  const integration = useIntegration()
  const mayWrite = useMay('connections:write')
  return (
    <Empty
      title={texts.overview.none}
      help={texts.overview.noneHelp}
      action={
        mayWrite &&
        integration !== undefined && (
          <Link to="/console/as/$integration/connections/new" params={{ integration }}>
            <Button component="span">{texts.connections.create}</Button>
          </Link>
        )
      }
    />
  )
}

function Attention({ overview }: { overview: OverviewData }) {
  const { attention, webhooks, ending_keys } = overview
  const failing = webhooks?.failing ?? []
  const ending = ending_keys ?? []
  const rows: ReactNode[] = [
    ...attention.map((one) => <Unwell key={`connection ${one.id}`} one={one} />),
    ...failing.map((one) => <FailingWebhookRow key={one.id} one={one} />),
    ...ending.map((one) => <EndingKey key={one.id} one={one} />),
  ]
  return (
    <Part title={texts.overview.attention}>
      {rows.length === 0 ? (
        <Text c="dimmed">{texts.overview.allWell}</Text>
      ) : (
        <Paper withBorder component="ul" className="rows">
          {rows}
        </Paper>
      )}
    </Part>
  )
}

function Counts({ counts, total }: { counts: OverviewData['connections']; total: number }) {
  const shown = (Object.keys(texts.health) as HealthStatus[]).filter((status) => counts[status] > 0)
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Progress.Root size="lg" aria-hidden="true">
          {shown.map((status) => (
            <Progress.Section
              key={status}
              value={(counts[status] / total) * 100}
              color={healthColors[status]}
              withAria={false}
            />
          ))}
        </Progress.Root>
        <Group gap="lg">
          {shown.map((status) => (
            <Group key={status} gap="xs">
              <HealthBadge status={status} />
              <Text fw={650}>{counts[status].toLocaleString('en')}</Text>
            </Group>
          ))}
        </Group>
      </Stack>
    </Paper>
  )
}

function Day({ activity: { hours, checks, deliveries, events } }: { activity: Activity }) {
  const { overview } = texts
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <Bars
        title={overview.checks}
        times={hours}
        series={[
          { name: overview.accepted, color: 'teal-6', counts: checks.accepted },
          { name: overview.refused, color: 'red-6', counts: checks.refused },
        ]}
      />
      <Bars
        title={overview.deliveries}
        times={hours}
        series={[
          { name: overview.taken, color: 'teal-6', counts: deliveries.taken },
          { name: overview.failed, color: 'red-6', counts: deliveries.failed },
        ]}
      />
      <Bars
        title={overview.events}
        times={hours}
        series={[{ name: overview.happened, color: 'indigo-5', counts: events }]}
      />
    </SimpleGrid>
  )
}

function VaultLine({ vault: { key_since, opens_with } }: Pick<OverviewData, 'vault'>) {
  const kinds = [...new Set(opens_with)].map((kind) => texts.overview.kinds[kind] ?? kind)
  if (key_since === null) return null
  return (
    <Text size="sm" c="dimmed">
      {texts.overview.vault}: {texts.overview.sealedSince} <When at={key_since} />.{' '}
      {kinds.length > 0 && texts.overview.opensWith(kinds.join(', '))}{' '}
      {opens_with && !opens_with.includes('recovery') && (
        <>
          <b>{texts.overview.noRecovery}</b>{' '}
          <Link to="/console/vault" className="inline">
            {texts.overview.makeCode}
          </Link>
        </>
      )}
    </Text>
  )
}

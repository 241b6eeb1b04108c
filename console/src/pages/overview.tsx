// The first page: what needs attention, why, and what to press; then how everything is.
import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  type Attention,
  getOverview,
  type HealthStatus,
  mortise,
  type Overview as OverviewData,
} from '../hub.ts'
import { HealthBadge, healthColors } from '../parts/health.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { messageOf, Problem } from '../parts/problem.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { useIntegration } from '../shell/integration-switch.tsx'
import { texts } from '../texts.ts'

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
  const integration = useIntegration()
  const total = Object.values(overview.connections).reduce((sum, count) => sum + count, 0)
  if (total === 0) {
    return (
      <Empty
        title={texts.overview.none}
        help={texts.overview.noneHelp}
        action={
          integration !== undefined && (
            <Link to="/console/as/$integration/connections/new" params={{ integration }}>
              <Button component="span">{texts.connections.create}</Button>
            </Link>
          )
        }
      />
    )
  }
  return (
    <>
      <Counts counts={overview.connections} total={total} />
      <Stack gap="xs">
        <Title order={2} size="h4">
          {texts.overview.attention}
        </Title>
        {overview.attention.length === 0 ? (
          <Text c="dimmed">{texts.overview.allWell}</Text>
        ) : (
          <Paper withBorder component="ul" className="rows">
            {overview.attention.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </Paper>
        )}
      </Stack>
    </>
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
              <Text fw={650}>{counts[status]}</Text>
            </Group>
          ))}
        </Group>
      </Stack>
    </Paper>
  )
}

function Row({ one }: { one: Attention }) {
  const queryClient = useQueryClient()
  const mayWrite = useMay('connections:write')
  const verify = useMutation({
    mutationFn: () => mortise.as(one.integration).connections.verify(one.id),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const params = { integration: one.integration, id: String(one.id) }
  return (
    <li className="row">
      <ProviderMark name={one.provider} />
      <Stack gap={2}>
        <Group gap="xs">
          <Link to="/console/as/$integration/connections/$id" params={params}>
            {one.title}
          </Link>
          <HealthBadge status={one.status} />
        </Group>
        <Text size="sm">{one.reason ?? texts.overview.noReason}</Text>
        <Text size="sm" c="dimmed">
          {texts.overview.where(one.integration_name)} <When at={one.checked_at} />
        </Text>
        {verify.error && (
          <Text size="sm" c="red" role="alert">
            {messageOf(verify.error)}
          </Text>
        )}
      </Stack>
      {mayWrite && (
        <Group className="actions" gap="xs">
          <Button size="xs" variant="default" onClick={() => verify.mutate()} loading={verify.isPending}>
            {texts.connections.verify}
          </Button>
          {(one.status === 'rejected' || one.status === 'degraded') && (
            <Link to="/console/as/$integration/connections/$id" params={params} search={{ edit: 'yes' }}>
              <Button component="span" size="xs">
                {texts.connections.mend}
              </Button>
            </Link>
          )}
        </Group>
      )}
    </li>
  )
}

// One delivery: each attempt with what was answered, what is sent, and sending it once more.
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type DeliveryWithAttempts, getEventText, type Mortise, mortise } from '../hub.ts'
import { Body } from '../parts/body.tsx'
import { DeliveryBadge, resultOf } from '../parts/delivery.tsx'
import { Page, Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'
import { titleOf } from './webhooks.tsx'

const here = getRouteApi('/console/as/$integration/webhooks/$id/deliveries/$delivery')

export function Delivery() {
  const { integration, id, delivery } = here.useParams()
  const { data, error } = useQuery({
    queryKey: ['delivery', integration, id, delivery],
    queryFn: ({ signal }) => mortise.as(integration).deliveries.retrieve(id, delivery, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? 2_000 : false),
  })
  if (data) return <Found delivery={data} />
  return <Page title={texts.webhooks.deliveries}>{error ? <Problem error={error} /> : <Waiting />}</Page>
}

function Found({ delivery }: { delivery: DeliveryWithAttempts }) {
  const { integration, id } = here.useParams()
  const queryClient = useQueryClient()
  const mayWrite = useMay('webhooks:write')
  const { data: webhook } = useQuery({
    queryKey: ['webhook', integration, id],
    queryFn: ({ signal }) => mortise.as(integration).webhooks.retrieve(id, { signal }),
  })
  const replays = (hub: Mortise) => hub.as(integration).deliveries.replay(id, delivery.id)
  const replay = useMutation({
    mutationFn: () => replays(mortise),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const { status, type, next_attempt_at, created_at, sequence } = delivery
  return (
    <Page
      title={texts.webhooks.delivery(type)}
      actions={
        mayWrite && (
          <>
            <Button onClick={() => replay.mutate()} loading={replay.isPending}>
              {texts.webhooks.replay}
            </Button>
            <AsCode act={replays} />
          </>
        )
      }
    >
      <Paper withBorder p="md" role="status">
        <Stack gap={4}>
          <Group gap="xs">
            <DeliveryBadge status={status} />
            <Text size="sm" c="dimmed">
              {texts.events.number(sequence)} · <When at={created_at} />
            </Text>
          </Group>
          <Text>
            {texts.webhooks.statusHelp[status]}{' '}
            {next_attempt_at !== null && (
              <>
                {texts.webhooks.nextIs} <When at={next_attempt_at} isAhead />.
              </>
            )}
          </Text>
          {webhook && (
            <Text size="sm">
              {texts.webhooks.sentTo}{' '}
              <Link to="/console/as/$integration/webhooks/$id" params={{ integration, id }}>
                {titleOf(webhook)}
              </Link>
            </Text>
          )}
          <Text size="sm">
            {texts.webhooks.event}{' '}
            <Link to="/console/events/$id" params={{ id: delivery.id }}>
              {delivery.id}
            </Link>
          </Text>
        </Stack>
      </Paper>
      {replay.error && <Problem error={replay.error} />}
      {replay.data && (
        <Alert color="teal" variant="outline" role="status">
          {texts.webhooks.replayed}
        </Alert>
      )}
      <Attempts attempts={delivery.attempts} />
      <Sent delivery={delivery} url={webhook?.url} />
    </Page>
  )
}

function Attempts({ attempts }: Pick<DeliveryWithAttempts, 'attempts'>) {
  return (
    <Section title={texts.webhooks.attempts}>
      <Text size="sm" c="dimmed">
        {attempts.length === 0 ? texts.webhooks.noAttempts : texts.webhooks.attemptsHelp}
      </Text>
      <ul className="rows within">
        {attempts.map((attempt) => (
          <li key={attempt.at} className="record">
            <Group justify="space-between" gap="xs">
              <Text fw={600} size="sm">
                {resultOf(attempt)}
              </Text>
              <Text size="sm" c="dimmed">
                <When at={attempt.at} /> · {texts.milliseconds(attempt.duration_ms)}
              </Text>
            </Group>
            {attempt.answer === null && attempt.status !== null && (
              <Text size="sm" c="dimmed">
                {texts.webhooks.noAnswer}
              </Text>
            )}
            {attempt.answer !== null && (
              <Stack gap={4} mt={4}>
                <Text size="sm" c="dimmed">
                  {texts.webhooks.answer}. {texts.webhooks.answerHelp}
                </Text>
                <Body text={attempt.answer} label={texts.webhooks.answer} />
              </Stack>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Sent({ delivery, url }: { delivery: DeliveryWithAttempts; url: string | undefined }) {
  const { data, error } = useQuery({
    queryKey: ['event', delivery.id, 'text'],
    queryFn: () => getEventText(delivery.id),
  })
  const headers = [
    ['content-type', 'application/json'],
    ['user-agent', 'Mortise-Webhooks/1'],
    ['webhook-id', delivery.id],
    ['webhook-timestamp', texts.webhooks.headerTimestamp],
    ['webhook-signature', texts.webhooks.headerSignature],
  ]
  return (
    <Section title={texts.webhooks.sent}>
      <Stack gap="sm">
        {url !== undefined && (
          <Text ff="monospace" size="sm">
            POST {url}
          </Text>
        )}
        <dl className="facts small" aria-label={texts.webhooks.headers}>
          {headers.map(([name, value]) => (
            <HeaderFact key={name} name={name ?? ''} value={value ?? ''} />
          ))}
        </dl>
        <Text size="sm" c="dimmed">
          {texts.webhooks.bodyHelp}
        </Text>
        {error && <Problem error={error} />}
        {data !== undefined && <Body text={data} label={texts.webhooks.body} />}
      </Stack>
    </Section>
  )
}

function HeaderFact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Text size="sm">{value}</Text>
      </dd>
    </>
  )
}

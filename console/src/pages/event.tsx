// One event: what it means, what it tells, what it is about today, and where it was sent.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type Event as EventData, getDeliveriesOf, getEventText, mortise } from '../hub.ts'
import { Body } from '../parts/body.tsx'
import { DeliveryBadge } from '../parts/delivery.tsx'
import { nameOf, placeOf } from '../parts/event-subject.ts'
import { Page, Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { texts } from '../texts.ts'

const here = getRouteApi('/console/events/$id')

export function Event() {
  const { id } = here.useParams()
  const { data: event, error } = useQuery({
    queryKey: ['event', id],
    queryFn: ({ signal }) => mortise.events.retrieve(id, { signal }),
  })
  if (event) return <Found event={event} />
  return <Page title={texts.events.title}>{error ? <Problem error={error} /> : <Waiting />}</Page>
}

function Found({ event }: { event: EventData }) {
  const { id, type, sequence, integration, created_at } = event
  const place = placeOf(event)
  const { data: text } = useQuery({ queryKey: ['event', id, 'text'], queryFn: () => getEventText(id) })
  return (
    <Page
      title={type}
      actions={
        <>
          {place && (
            <Link {...place}>
              <Button component="span" variant="default">
                {texts.events.object}
              </Button>
            </Link>
          )}
          <AsCode act={(hub) => hub.events.retrieve(id)} />
        </>
      }
    >
      <Paper withBorder p="md">
        <Stack gap={4}>
          <Text>{texts.events.types[type]}</Text>
          <Text>{nameOf(event)}</Text>
          <Text size="sm" c="dimmed">
            {integration ?? texts.events.wholeAccount} · {texts.events.number(sequence)} ·{' '}
            <When at={created_at} />
          </Text>
        </Stack>
      </Paper>
      <SentTo event={event} />
      <Section title={texts.events.data}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {texts.events.dataHelp}
          </Text>
          {text !== undefined && <Body text={text} label={texts.events.data} />}
        </Stack>
      </Section>
    </Page>
  )
}

function SentTo({ event }: { event: EventData }) {
  const { data, error } = useQuery({
    queryKey: ['deliveries', 'of', event.id],
    queryFn: () => getDeliveriesOf(event.id),
  })
  return (
    <Section title={texts.events.deliveries}>
      {error && <Problem error={error} />}
      {data?.length === 0 && <Text c="dimmed">{texts.events.noDeliveries}</Text>}
      <ul className="rows within">
        {data?.map(({ webhook, integration, title, status }) => (
          <li key={webhook} className="record">
            <Group gap="xs">
              <DeliveryBadge status={status} />
              <Link
                to="/console/as/$integration/webhooks/$id/deliveries/$delivery"
                params={{ integration, id: webhook, delivery: event.id }}
              >
                {title}
              </Link>
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  )
}

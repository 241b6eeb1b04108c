// What became of a webhook's deliveries, newest first, by state; and having a range of them made again.
import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Delivery, type Mortise, mortise, type Webhook } from '../hub.ts'
import { DeliveryBadge } from '../parts/delivery.tsx'
import { Older, useOlder } from '../parts/older.tsx'
import { Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'
import { ReplayRange } from './replay-range.tsx'

export function Deliveries(props: {
  webhook: Webhook
  status: string | undefined
  onStatus: (status: string | undefined) => void
}) {
  const { webhook, status, onStatus } = props
  const { id, integration, disabled_at } = webhook
  const mayReplay = useMay('webhooks:write') && disabled_at === null
  const [isReplaying, setReplaying] = useState(false)
  const [replayed, setReplayed] = useState<number>()
  type Asked = Parameters<Mortise['deliveries']['list']>[1]
  const lists = (asked: Asked) => (hub: Mortise) => hub.as(integration).deliveries.list(id, asked)
  const { items, error, more } = useOlder(
    ['deliveries', integration, id, status],
    (query, signal) => lists({ signal, query: { ...query, status } })(mortise),
    { refetchIntervalMs: 5_000 },
  )
  return (
    <Section
      title={texts.webhooks.deliveries}
      actions={
        <Group gap="xs">
          {mayReplay && (
            <Button size="xs" variant="default" onClick={() => setReplaying(true)}>
              {texts.webhooks.range.action}
            </Button>
          )}
          <AsCode act={lists({ query: { ...(status !== undefined && { status }) } })} />
        </Group>
      }
    >
      <Stack gap="sm">
        <Select
          label={texts.webhooks.status}
          data={Object.entries(texts.webhooks.statuses).map(([value, label]) => ({ value, label }))}
          value={status ?? null}
          onChange={(status) => onStatus(status ?? undefined)}
          placeholder={texts.any}
          clearable
          clearButtonProps={{ 'aria-label': texts.clear }}
          maw={240}
        />
        {replayed !== undefined && (
          <Alert color="teal" variant="outline" role="status">
            {texts.webhooks.range.done(replayed)}
          </Alert>
        )}
        {error && <Problem error={error} />}
        {!items && !error && <Waiting rows={3} />}
        {items?.length === 0 && !more && (
          <Text c="dimmed">
            {status === undefined ? texts.webhooks.noDeliveriesHelp : texts.webhooks.noneSuch}
          </Text>
        )}
        {items && items.length > 0 && (
          <ul className="rows within">
            {items.map((delivery) => (
              <Row key={delivery.id} webhook={webhook} delivery={delivery} />
            ))}
          </ul>
        )}
        <Older more={more} label={texts.webhooks.older} />
      </Stack>
      {isReplaying && (
        <ReplayRange
          webhook={webhook}
          onClose={() => setReplaying(false)}
          onDone={(count) => {
            setReplaying(false)
            setReplayed(count)
          }}
        />
      )}
    </Section>
  )
}

function Row({ webhook: { id, integration }, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const { status, type, created_at, next_attempt_at, attempts_made, last_status } = delivery
  return (
    <li className="record">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <DeliveryBadge status={status} />
          <Link
            to="/console/as/$integration/webhooks/$id/deliveries/$delivery"
            params={{ integration, id, delivery: delivery.id }}
            style={{ fontWeight: 600 }}
          >
            {type}
          </Link>
        </Group>
        <Text size="sm" c="dimmed">
          <When at={created_at} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {texts.events.number(delivery.sequence)} · {texts.webhooks.attemptsMade(attempts_made)}
        {last_status !== null && ` · ${texts.webhooks.answered(last_status)}`}
        {next_attempt_at !== null && (
          <>
            {' '}
            · {texts.webhooks.next} <When at={next_attempt_at} isAhead />
          </>
        )}
      </Text>
    </li>
  )
}

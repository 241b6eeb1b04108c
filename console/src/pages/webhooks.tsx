// The webhooks of an integration: where events are sent, and whether they arrive.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type Mortise, mortise, type Webhook } from '../hub.ts'
import { DeliveryBadge, WebhookBadge } from '../parts/delivery.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { Pages, pageSize } from '../parts/pages.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'

const here = getRouteApi('/console/as/$integration/webhooks')

export function Webhooks() {
  const { integration } = here.useParams()
  const { page = 1 } = here.useSearch()
  const navigate = here.useNavigate()
  const mayWrite = useMay('webhooks:write')
  const lists = (options: { signal?: AbortSignal }) => (hub: Mortise) =>
    hub
      .as(integration)
      .webhooks.list({ ...options, query: { page: String(page), page_size: String(pageSize) } })
  const { data, error } = useQuery({
    queryKey: ['webhooks', integration, page],
    queryFn: ({ signal }) => lists({ signal })(mortise),
    placeholderData: keepPreviousData,
  })
  const create = mayWrite && (
    <Link to="/console/as/$integration/webhooks/new" params={{ integration }}>
      <Button component="span">{texts.webhooks.create}</Button>
    </Link>
  )
  return (
    <Page
      title={texts.webhooks.title}
      actions={
        <>
          {create}
          <AsCode act={lists({})} />
        </>
      }
    >
      <Text c="dimmed">{texts.webhooks.help}</Text>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting />}
      {data?.count === 0 && (
        <Empty title={texts.webhooks.none} help={texts.webhooks.noneHelp} action={create} />
      )}
      {data && data.count > 0 && (
        <>
          <Paper withBorder component="ul" className="rows">
            {data.results.map((webhook) => (
              <Row key={webhook.id} webhook={webhook} />
            ))}
          </Paper>
          <Pages count={data.count} page={page} onChange={(page) => void navigate({ search: { page } })} />
        </>
      )}
    </Page>
  )
}

/** What people call it, where somebody has. */
export function titleOf({ metadata, url }: Pick<Webhook, 'metadata' | 'url'>): string {
  const { title } = metadata
  return typeof title === 'string' && title.trim() !== '' ? title : url
}

function Row({ webhook }: { webhook: Webhook }) {
  const { id, integration, url, events, failing_since, disabled_at } = webhook
  const title = titleOf(webhook)
  return (
    <li className="record">
      <Group justify="space-between" gap="xs">
        <Link
          to="/console/as/$integration/webhooks/$id"
          params={{ integration, id }}
          style={{ fontWeight: 600 }}
        >
          {title}
        </Link>
        <WebhookBadge webhook={webhook} />
      </Group>
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {title !== url && `${url} · `}
          {events.join(', ')}
        </Text>
        {disabled_at !== null ? (
          <Text size="sm">
            {texts.webhooks.disabledSince} <When at={disabled_at} />
          </Text>
        ) : (
          failing_since !== null && (
            <Text size="sm" c="red">
              {texts.webhooks.failingSince} <When at={failing_since} />
            </Text>
          )
        )}
        <Last webhook={webhook} />
      </Stack>
    </li>
  )
}

function Last({ webhook: { id, integration } }: { webhook: Webhook }) {
  const { data } = useQuery({
    queryKey: ['deliveries', integration, id, 'latest'],
    queryFn: ({ signal }) =>
      mortise.as(integration).deliveries.list(id, { signal, query: { page_size: '1' } }),
  })
  const last = data?.results[0]
  return (
    // As tall before it is known as after.
    <Group gap="xs" mih={26} wrap="nowrap">
      {last && (
        <>
          <DeliveryBadge status={last.status} />
          <Text size="sm" c="dimmed">
            {texts.webhooks.last}: {last.type}, <When at={last.created_at} />
          </Text>
        </>
      )}
      {data && !last && (
        <Text size="sm" c="dimmed">
          {texts.webhooks.neverSent}
        </Text>
      )}
    </Group>
  )
}

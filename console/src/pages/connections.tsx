// The connections of an integration: found by title, provider or health.
import { Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type Connection, type Mortise, mortise } from '../hub.ts'
import { HealthBadge } from '../parts/health.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { Pages, pageSize } from '../parts/pages.tsx'
import { Problem } from '../parts/problem.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'
import { useProviders } from './providers.ts'

const here = getRouteApi('/console/as/$integration/connections')

export function Connections() {
  const { integration } = here.useParams()
  const search = here.useSearch()
  const navigate = here.useNavigate()
  const providers = useProviders()
  const mayWrite = useMay('connections:write')
  const { page = 1, q, health, provider } = search
  const query = { page: String(page), page_size: String(pageSize), q, health, provider }
  const actOf = (options: { signal?: AbortSignal }) => (hub: Mortise) =>
    hub.as(integration).connections.list({ ...options, query })
  const { data, error } = useQuery({
    queryKey: ['connections', integration, search],
    queryFn: ({ signal }) => actOf({ signal })(mortise),
    placeholderData: keepPreviousData,
  })
  /** What is looked for stands in the address. */
  function look(change: Partial<typeof search>): void {
    const next = Object.entries({ ...search, page: undefined, ...change }).filter(([, value]) => value)
    void navigate({ search: Object.fromEntries(next), replace: true })
  }
  const lookFor = useDebouncedCallback((q: string) => look({ q }), 250)
  const isFiltered = q !== undefined || health !== undefined || provider !== undefined
  const create = (
    <Link to="/console/as/$integration/connections/new" params={{ integration }}>
      <Button component="span">{texts.connections.create}</Button>
    </Link>
  )
  return (
    <Page
      title={texts.connections.title}
      actions={
        <>
          {mayWrite && create}
          <AsCode act={actOf({})} />
        </>
      }
    >
      <Group align="end" gap="sm">
        <TextInput
          label={texts.connections.search}
          defaultValue={q}
          onChange={(event) => lookFor(event.currentTarget.value)}
          style={{ flex: '1 1 12rem' }}
        />
        <Select
          label={texts.connections.health}
          data={Object.entries(texts.health).map(([value, label]) => ({ value, label }))}
          value={health ?? null}
          onChange={(health) => look({ health: health ?? undefined })}
          placeholder={texts.any}
          clearable
          clearButtonProps={{ 'aria-label': texts.clear }}
          style={{ flex: '1 1 9rem' }}
        />
        <Select
          label={texts.connections.provider}
          data={providers.map(({ name, title }) => ({ value: name, label: title }))}
          value={provider ?? null}
          onChange={(provider) => look({ provider: provider ?? undefined })}
          placeholder={texts.any}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': texts.clear }}
          style={{ flex: '1 1 9rem' }}
        />
      </Group>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting />}
      {data && data.count === 0 && (
        <Empty
          title={isFiltered ? texts.connections.nothingFound : texts.connections.none}
          help={isFiltered ? texts.connections.nothingFoundHelp : texts.connections.noneHelp}
          action={!isFiltered && mayWrite && create}
        />
      )}
      {data && data.count > 0 && (
        <>
          <Paper withBorder component="ul" className="rows">
            {data.results.map((connection) => (
              <Row key={connection.id} connection={connection} />
            ))}
          </Paper>
          <Pages count={data.count} page={page} onChange={(page) => look({ page })} />
        </>
      )}
    </Page>
  )
}

function Row({ connection }: { connection: Connection }) {
  const { id, integration, title, provider, health } = connection
  return (
    <li className="row">
      <ProviderMark name={provider} />
      <Stack gap={2}>
        <Link to="/console/as/$integration/connections/$id" params={{ integration, id: String(id) }}>
          {title}
        </Link>
        <Text size="sm" c="dimmed">
          {provider} · {texts.connections.number(id)}
          {health.account !== null && ` · ${health.account}`}
        </Text>
      </Stack>
      <Group className="actions" gap="xs">
        <HealthBadge status={health.status} />
        {health.checked_at !== null && (
          <Text size="sm" c="dimmed">
            <When at={health.checked_at} />
          </Text>
        )}
      </Group>
    </li>
  )
}

// Events: what happened in the account, newest first, by type and integration.
import { Group, Paper, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { getRouteApi } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { mortise } from '../hub.ts'
import { EventRow } from '../parts/event-row.tsx'
import { Older, useOlder } from '../parts/older.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'

const here = getRouteApi('/console/events')

const types = Object.keys(texts.events.types)
const nouns = [...new Set(types.map((type) => type.slice(0, type.indexOf('.'))))]
const choices = nouns.flatMap((noun) => [
  { value: `${noun}.*`, label: texts.webhooks.everyOf(texts.events.nouns[noun] ?? noun) },
  ...types.filter((type) => type.startsWith(`${noun}.`)).map((type) => ({ value: type, label: type })),
])

export function Events() {
  const filter = here.useSearch()
  const navigate = here.useNavigate()
  const { items, error, more } = useOlder(
    ['events', filter],
    (query, signal) => mortise.events.list({ signal, query: { ...query, ...filter } }),
    { refetchIntervalMs: 10_000 },
  )
  function look(change: Partial<typeof filter>): void {
    const next = Object.entries({ ...filter, ...change }).filter(([, value]) => value)
    void navigate({ search: Object.fromEntries(next), replace: true })
  }
  const lookFor = useDebouncedCallback((integration: string) => look({ integration }), 300)
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Page title={texts.events.title} actions={<AsCode act={(hub) => hub.events.list({ query: filter })} />}>
      <Text c="dimmed">{texts.events.help}</Text>
      <Group align="end" gap="sm">
        <Select
          label={texts.events.type}
          data={choices}
          value={filter.type ?? null}
          onChange={(type) => look({ type: type ?? undefined })}
          placeholder={texts.any}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': texts.clear }}
          style={{ flex: '1 1 14rem' }}
        />
        <TextInput
          label={texts.events.integration}
          placeholder={texts.events.integrationPlaceholder}
          defaultValue={filter.integration}
          onChange={(event) => lookFor(event.currentTarget.value.trim())}
          style={{ flex: '1 1 14rem' }}
        />
      </Group>
      {error && <Problem error={error} />}
      {!items && !error && <Waiting />}
      {items?.length === 0 && !more && (
        <Empty
          title={isFiltered ? texts.events.nothingFound : texts.events.none}
          help={isFiltered ? texts.events.nothingFoundHelp : texts.events.noneHelp}
        />
      )}
      {items && items.length > 0 && (
        <Paper withBorder component="ul" className="rows">
          {items.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </Paper>
      )}
      <Older more={more} label={texts.events.older} />
    </Page>
  )
}

// The audit trail: who did what and when, filtered, and exported as it is.
import { Alert, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type AuditRecord, mortise, type TrailVerified, verifyTrail } from '../hub.ts'
import { Older, useOlder } from '../parts/older.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { texts } from '../texts.ts'

const here = getRouteApi('/console/audit')

export function Audit() {
  const filter = here.useSearch()
  const navigate = here.useNavigate()
  const {
    items: records,
    error,
    more,
  } = useOlder(['audit', filter], (query, signal) =>
    mortise.audit.list({ signal, query: { ...filter, ...query } }),
  )
  const save = useMutation({ mutationFn: () => exportTrail(filter) })
  const [verifiedSoFar, setVerifiedSoFar] = useState(0)
  const verify = useMutation({ mutationFn: () => verifyTrail(setVerifiedSoFar) })
  const look = useDebouncedCallback((change: typeof filter) => {
    const next = Object.entries({ ...filter, ...change }).filter(([, value]) => value)
    void navigate({ search: Object.fromEntries(next), replace: true })
  }, 300)
  return (
    <Page
      title={texts.audit.title}
      actions={
        <>
          <Button variant="default" onClick={() => verify.mutate()} loading={verify.isPending}>
            {texts.audit.verify}
          </Button>
          <Button variant="default" onClick={() => save.mutate()} loading={save.isPending}>
            {texts.audit.export}
          </Button>
          <AsCode act={(hub) => hub.audit.export({ query: filter })} />
        </>
      }
    >
      <Group align="end">
        <TextInput
          label={texts.audit.action}
          placeholder="connection.*"
          defaultValue={filter.action}
          onChange={(event) => look({ action: event.currentTarget.value.trim() })}
          style={{ flex: '1 1 12rem' }}
        />
        <TextInput
          label={texts.audit.subject}
          placeholder="connection/12"
          defaultValue={filter.subject}
          onChange={(event) => look({ subject: event.currentTarget.value.trim() })}
          style={{ flex: '1 1 12rem' }}
        />
      </Group>
      <div role="status">
        {verify.isPending && (
          <Text size="sm" c="dimmed">
            {texts.audit.verifying(verifiedSoFar)}
          </Text>
        )}
        {verify.data && <Verdict {...verify.data} />}
      </div>
      {(error ?? save.error ?? verify.error) && <Problem error={error ?? save.error ?? verify.error} />}
      {!records && !error && <Waiting />}
      {records?.length === 0 && <Empty title={texts.audit.none} help={texts.audit.noneHelp} />}
      {records && records.length > 0 && (
        <Paper withBorder component="ul" className="rows">
          {records.map((record) => (
            <Entry key={record.id} record={record} />
          ))}
        </Paper>
      )}
      <Older more={more} label={texts.audit.older} />
    </Page>
  )
}

function Verdict({ verified, older, broken, why }: TrailVerified) {
  return (
    <Alert variant="outline" color={broken === null ? 'green' : 'red'}>
      <Text fw={600} size="sm">
        {broken === null ? texts.audit.whole(verified) : texts.audit.broken(broken, why ?? '')}
      </Text>
      {broken !== null && texts.audit.brokenHelp}
      {older > 0 && texts.audit.unchained(older)}
    </Alert>
  )
}

function Entry({ record }: { record: AuditRecord }) {
  const { at, action, subject, key, address, times, data } = record
  return (
    <Stack component="li" className="record" gap={2}>
      <Group gap="xs" justify="space-between">
        <Text fw={600} size="sm">
          {action}
          {times > 1 && ` ×${times}`}
        </Text>
        <Text size="sm" c="dimmed">
          <When at={at} />
        </Text>
      </Group>
      <Text size="sm">
        {subject.type}/{subject.id}
        <Text span c="dimmed" inherit>
          {' '}
          · {key === null ? texts.commandLine : (key.name ?? key.id)}
          {address !== null && ` · ${address}`}
        </Text>
      </Text>
      <Text size="xs" ff="monospace" c="dimmed">
        {JSON.stringify(data)}
      </Text>
    </Stack>
  )
}

/** As JSON Lines, one record a line, oldest first. */
async function exportTrail(filter: { action?: string; subject?: string }): Promise<void> {
  const lines: string[] = []
  for await (const record of await mortise.audit.export({ query: filter })) {
    lines.push(`${JSON.stringify(record)}\n`)
  }
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'audit.jsonl'
  link.click()
  URL.revokeObjectURL(url)
}

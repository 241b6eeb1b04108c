// Tries a call through a connection: what would be sent is shown, with the credential masked, or it is sent.
import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { MortiseError } from '@mortise/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type AskedCall, type Connection, type Mortise, mortise, tryCall } from '../hub.ts'
import { Section } from '../parts/page.tsx'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import { Answer, Explained } from './tried-call.tsx'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const withoutBody = new Set(['GET', 'HEAD'])

export function TryCall({ connection: { id, integration } }: { connection: Connection }) {
  const queryClient = useQueryClient()
  const [method, setMethod] = useState('GET')
  const [path, setPath] = useState('/')
  const [service, setService] = useState('')
  const [headers, setHeaders] = useState('')
  const [body, setBody] = useState('')
  const [noHeader, setNoHeader] = useState<string>()
  const explain = useMutation({
    mutationFn: (asked: AskedCall) => mortise.as(integration).connections.explain(id, asked),
  })
  const send = useMutation({
    mutationFn: (asked: AskedCall) => tryCall(integration, id, asked),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['usage', integration, String(id)] }),
  })
  const error = send.error ?? explain.error
  const errors = fieldErrorsOf(error)

  function askedWith(headers: Record<string, string>): AskedCall {
    return {
      method,
      path,
      ...(service.trim() !== '' && { service: service.trim() }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== '' && !withoutBody.has(method) && { body }),
    }
  }

  /** As one's own program would. */
  function call(hub: Mortise): unknown {
    const read = readHeaders(headers)
    const { path, service, ...rest } = askedWith(typeof read === 'string' ? {} : read)
    const named: Record<string, string> = service === undefined ? {} : { 'Mortise-Service': service }
    const all = { ...rest.headers, ...named }
    return hub
      .as(integration)
      .connections.fetch(id, path, { ...rest, ...(Object.keys(all).length > 0 && { headers: all }) })
  }

  function act(how: 'explain' | 'send'): void {
    const read = readHeaders(headers)
    setNoHeader(typeof read === 'string' ? texts.calls.notHeader(read) : undefined)
    if (typeof read === 'string') return
    const asked = askedWith(read)
    explain.reset()
    send.reset()
    if (how === 'send') send.mutate(asked)
    else explain.mutate(asked)
  }

  return (
    <Section title={texts.calls.title}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          act('send')
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {texts.calls.help}
          </Text>
          <Group align="start" gap="sm">
            <Select
              label={texts.calls.method}
              data={methods}
              value={method}
              onChange={(method) => setMethod(method ?? 'GET')}
              allowDeselect={false}
              error={errors.method}
              style={{ flex: '1 1 7rem' }}
            />
            <TextInput
              label={texts.calls.path}
              value={path}
              onChange={(event) => setPath(event.currentTarget.value)}
              error={errors.path}
              required
              style={{ flex: '5 1 16rem' }}
            />
            <TextInput
              label={texts.calls.service}
              value={service}
              onChange={(event) => setService(event.currentTarget.value)}
              error={errors.service}
              style={{ flex: '1 1 7rem' }}
            />
          </Group>
          <Text size="sm" c="dimmed">
            {texts.calls.pathHelp} {texts.calls.serviceHelp}
          </Text>
          <Textarea
            label={texts.calls.headers}
            description={texts.calls.headersHelp}
            value={headers}
            onChange={(event) => setHeaders(event.currentTarget.value)}
            error={noHeader ?? errors.headers}
            autosize
            minRows={2}
            maxRows={8}
          />
          {!withoutBody.has(method) && (
            <Textarea
              label={texts.calls.body}
              value={body}
              onChange={(event) => setBody(event.currentTarget.value)}
              error={errors.body}
              autosize
              minRows={3}
              maxRows={16}
            />
          )}
          <Group>
            <Button type="submit" loading={send.isPending}>
              {texts.calls.send}
            </Button>
            <Button variant="default" onClick={() => act('explain')} loading={explain.isPending}>
              {texts.calls.explain}
            </Button>
            <AsCode act={call} />
          </Group>
          {error && (
            <Problem
              error={error}
              {...(error instanceof MortiseError && {
                title: `${texts.calls.status(error.status)} ${texts.calls.fromMortise}`,
              })}
            />
          )}
          {explain.data && <Explained explained={explain.data} />}
          {send.data && <Answer tried={send.data} />}
        </Stack>
      </form>
    </Section>
  )
}

/** @returns the first line that is no header, or all headers by their names */
function readHeaders(text: string): string | Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of text.split('\n').map((line) => line.trim())) {
    if (line === '') continue
    const colon = line.indexOf(':')
    if (colon < 1) return line
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim()
  }
  return headers
}

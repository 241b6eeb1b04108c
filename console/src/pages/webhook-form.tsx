// A webhook's form: its address, what people call it, what it is told of, and what else is kept with it.
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Act } from '../code/act.ts'
import { AsCode } from '../code/as-code.tsx'
import type { EventPattern, Webhook } from '../hub.ts'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import { EventChoice } from './event-choice.tsx'

export type Given = { url: string; events: EventPattern[]; metadata: Record<string, unknown> }

export function WebhookForm(props: {
  /** What is there already. */
  webhook?: Webhook
  action: string
  onSubmit: (given: Given) => void
  /** What is done with it, as code. */
  act: (given: Given) => Act
  onCancel: () => void
  isPending: boolean
  error: unknown
}) {
  const { webhook, error } = props
  const { title: titleBefore, ...restBefore } = webhook?.metadata ?? {}
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [title, setTitle] = useState(typeof titleBefore === 'string' ? titleBefore : '')
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? ['*'])
  const [metadata, setMetadata] = useState(JSON.stringify(restBefore, null, 2))
  const [isNoObject, setNoObject] = useState(false)
  const errors = fieldErrorsOf(error)

  function submit(event: FormEvent): void {
    event.preventDefault()
    const rest = readObject(metadata)
    setNoObject(rest === undefined)
    if (rest !== undefined) props.onSubmit(givenWith(rest))
  }

  function givenWith(rest: Record<string, unknown>): Given {
    const name = title.trim()
    return {
      url: url.trim(),
      // The choice offers nothing else.
      events: events as EventPattern[],
      metadata: name === '' ? rest : { title: name, ...rest },
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {Boolean(error) && <Problem error={error} title={texts.notSaved} />}
        <TextInput
          label={texts.webhooks.url}
          description={texts.webhooks.urlHelp}
          placeholder={texts.webhooks.urlExample}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={errors.url}
          required
          maxLength={2_048}
          inputMode="url"
        />
        <TextInput
          label={texts.webhooks.name}
          description={texts.webhooks.nameHelp}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={255}
        />
        <EventChoice value={events} onChange={setEvents} error={errors.events} />
        <Textarea
          label={texts.webhooks.metadata}
          description={texts.webhooks.metadataHelp}
          value={metadata}
          onChange={(event) => setMetadata(event.currentTarget.value)}
          error={isNoObject ? texts.webhooks.notAnObject : errors.metadata}
          autosize
          minRows={2}
          maxRows={12}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Group>
          <Button type="submit" loading={props.isPending} disabled={events.length === 0}>
            {props.action}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {texts.cancel}
          </Button>
          <AsCode act={props.act(givenWith(readObject(metadata) ?? {}))} />
        </Group>
      </Stack>
    </form>
  )
}

function readObject(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : undefined
  } catch {
    // Said beside the field.
    return undefined
  }
}

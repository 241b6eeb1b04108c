// A connection's form, made from its provider's own schema: a secret that is left empty stays as it is.
import { Button, Checkbox, Group, PasswordInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Act } from '../code/act.ts'
import { AsCode } from '../code/as-code.tsx'
import { secretNamed } from '../code/secrets.ts'
import type { Connection, Provider } from '../hub.ts'
import { PasteBox } from '../parts/paste-box.tsx'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import { detectFields } from './detect.ts'

export type Given = { title: string; fields: Record<string, unknown>; verify: boolean }

type Field = Provider['fields'][string]

export function ConnectionForm(props: {
  provider: Provider
  /** What is there already. */
  connection?: Connection
  /** What was found out already. */
  found?: Readonly<Record<string, string>>
  action: string
  /** What is done with what was given. */
  act: (given: Given) => Act
  onSubmit: (given: Given) => void
  onCancel: () => void
  isPending: boolean
  error: unknown
}) {
  const { provider, connection, error, found = {} } = props
  const editable = Object.entries(provider.fields).filter(([, field]) => !field.readOnly)
  const before = Object.fromEntries(
    editable.map(([name, field]) => [name, textOf(connection ? connection.fields[name] : field.default)]),
  )
  const [title, setTitle] = useState(connection?.title ?? provider.title)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ ...before, ...found })
  const [cannotRead, setCannotRead] = useState<string>()
  const canVerify = provider.capabilities.verify.available
  const [verify, setVerify] = useState(canVerify)
  const errors = fieldErrorsOf(error)

  /** @returns the name of a field that cannot be read, where there is one */
  function readFields(): { fields: Record<string, unknown>; unreadable?: string } {
    const fields: Record<string, unknown> = {}
    for (const [name, field] of editable) {
      const value = values[name] ?? ''
      if (value === before[name]) continue
      if (field.type !== 'object') fields[name] = value === '' ? null : value
      else {
        const read = readObject(value)
        if (read === undefined) return { fields, unreadable: name }
        fields[name] = read
      }
    }
    return { fields }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    const { fields, unreadable } = readFields()
    setCannotRead(unreadable)
    if (unreadable === undefined) props.onSubmit({ title, fields, verify })
  }

  /** As code, without what is secret: of a new connection also where nothing is filled in yet. */
  const act: Act = (hub) => {
    const { fields } = readFields()
    for (const [name, { writeOnly }] of editable) {
      if (writeOnly && (fields[name] !== undefined || !connection)) fields[name] = secretNamed(name)
    }
    return props.act({ title, fields, verify })(hub)
  }

  function fillIn(text: string): string {
    const detected = detectFields(provider, text)
    const names = Object.keys(detected)
    if (names.length === 0) return texts.paste.nothing
    setValues((values) => ({ ...values, ...detected }))
    return texts.paste.filled(names.map((name) => provider.fields[name]?.title ?? name))
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        {Boolean(error) && <Problem error={error} title={texts.connections.notSaved} />}
        <TextInput
          label={texts.connections.name}
          description={texts.connections.nameHelp}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={errors.title}
          required
          maxLength={255}
        />
        {editable.length > 0 && <PasteBox help={texts.paste.help} onPaste={fillIn} />}
        {editable.map(([name, field]) => (
          <FieldInput
            key={name}
            field={field}
            hint={connection?.secrets[name]?.hint ?? undefined}
            value={values[name] ?? ''}
            onChange={(value) => setValues((values) => ({ ...values, [name]: value }))}
            error={cannotRead === name ? texts.connections.notAnObject : errors[`fields.${name}`]}
          />
        ))}
        <Checkbox
          label={texts.connections.verifyFirst}
          description={canVerify ? texts.connections.verifyFirstHelp : provider.capabilities.verify.reason}
          checked={verify}
          disabled={!canVerify}
          onChange={(event) => setVerify(event.currentTarget.checked)}
        />
        <Group>
          <Button type="submit" loading={props.isPending}>
            {props.action}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {texts.cancel}
          </Button>
          <AsCode act={act} />
        </Group>
      </Stack>
    </form>
  )
}

function FieldInput(props: {
  field: Field
  hint: string | undefined
  value: string
  onChange: (value: string) => void
  error: string | undefined
}) {
  const { field, hint, value, onChange, error } = props
  const shared = { label: field.title, description: field.description, value, error }
  if (field.enum) {
    return (
      <Select
        {...shared}
        data={[...field.enum]}
        value={value === '' ? null : value}
        onChange={(value) => onChange(value ?? '')}
        clearable
        clearButtonProps={{ 'aria-label': texts.clear }}
      />
    )
  }
  if (field.writeOnly) {
    return (
      <PasswordInput
        {...shared}
        placeholder={hint === undefined ? field.examples?.[0] : texts.connections.keep(hint)}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show, tabIndex: 0 }}
      />
    )
  }
  if (field.type === 'object' || value.includes('\n')) {
    return (
      <Textarea
        {...shared}
        placeholder={field.examples?.[0]}
        autosize
        minRows={4}
        maxRows={16}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  return (
    <TextInput
      {...shared}
      placeholder={field.examples?.[0]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function readObject(text: string): object | null | undefined {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

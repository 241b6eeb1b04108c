// An integration's form: who is presented to people, and written on invoices.
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Act } from '../code/act.ts'
import { AsCode } from '../code/as-code.tsx'
import { secretNamed } from '../code/secrets.ts'
import type { Integration } from '../hub.ts'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import { Logo } from './integrations.tsx'
import { LogoDrop } from './logo-drop.tsx'

export const members = [
  'name',
  'email',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
] as const
type Member = (typeof members)[number]
type Texts = Readonly<Record<Member, string>>

export type Given = Texts & { id?: string; logo?: string | null }

export function IntegrationForm(props: {
  integration?: Integration
  action: string
  /** What is done with what was given. */
  act: (given: Given) => Act
  isReadOnly?: boolean
  onSubmit: (given: Given) => void
  onCancel: () => void
  isPending: boolean
  error: unknown
}) {
  const { integration, isReadOnly = false, error } = props
  const [values, setValues] = useState<Texts>(
    () => Object.fromEntries(members.map((name) => [name, integration?.[name] ?? ''])) as Texts,
  )
  const [id, setId] = useState('')
  /** Undefined as long as it stays. */
  const [logo, setLogo] = useState<File | null>()
  const errors = fieldErrorsOf(error)

  const given = { ...values, ...(id !== '' && { id }) }

  async function submit(): Promise<void> {
    props.onSubmit({
      ...given,
      ...(logo !== undefined && { logo: logo === null ? null : await dataUrlOf(logo) }),
    })
  }

  /** As code, a picture is far too long to be written down. */
  const act: Act = (hub) =>
    props.act({
      ...given,
      ...(logo !== undefined && { logo: logo === null ? null : secretNamed('logo_data_url') }),
    })(hub)

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        {Boolean(error) && <Problem error={error} title={texts.notSaved} />}
        {!integration && (
          <TextInput
            label={texts.integrations.members.id}
            description={texts.integrations.idHelp}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            error={errors.id}
          />
        )}
        {members.map((name) => (
          <TextInput
            key={name}
            label={texts.integrations.members[name]}
            type={name === 'email' ? 'email' : 'text'}
            value={values[name]}
            readOnly={isReadOnly}
            required={name !== 'address_line_2'}
            onChange={(event) => {
              const { value } = event.currentTarget
              setValues((values) => ({ ...values, [name]: value }))
            }}
            error={errors[name]}
          />
        ))}
        {isReadOnly ? (
          integration && <Logo url={integration.logo} size={64} />
        ) : (
          <LogoDrop current={integration?.logo ?? null} value={logo} onChange={setLogo} error={errors.logo} />
        )}
        <Group>
          {!isReadOnly && (
            <Button type="submit" loading={props.isPending}>
              {props.action}
            </Button>
          )}
          <Button variant="default" onClick={props.onCancel}>
            {isReadOnly ? texts.back : texts.cancel}
          </Button>
          {!isReadOnly && <AsCode act={act} />}
        </Group>
      </Stack>
    </form>
  )
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

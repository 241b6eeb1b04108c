// An integration's form: who is presented to people, and written on invoices.
import { Button, FileInput, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Integration } from '../hub.ts'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import { Logo } from './integrations.tsx'

const members = [
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

  async function submit(): Promise<void> {
    props.onSubmit({
      ...values,
      ...(id !== '' && { id }),
      ...(logo !== undefined && { logo: logo === null ? null : await dataUrlOf(logo) }),
    })
  }

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
        <Group align="end" wrap="nowrap">
          {integration && <Logo url={logo === null ? null : integration.logo} size={64} />}
          {!isReadOnly && (
            <FileInput
              label={texts.integrations.members.logo}
              description={texts.integrations.logoHelp}
              placeholder={texts.integrations.chooseLogo}
              accept="image/png,image/jpeg,image/gif,image/webp"
              value={logo ?? null}
              onChange={setLogo}
              error={errors.logo}
              style={{ flex: 1 }}
            />
          )}
          {!isReadOnly && integration?.logo && logo !== null && (
            <Button variant="default" onClick={() => setLogo(null)}>
              {texts.integrations.removeLogo}
            </Button>
          )}
        </Group>
        <Group>
          {!isReadOnly && (
            <Button type="submit" loading={props.isPending}>
              {props.action}
            </Button>
          )}
          <Button variant="default" onClick={props.onCancel}>
            {isReadOnly ? texts.back : texts.cancel}
          </Button>
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

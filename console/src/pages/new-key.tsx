// Makes an API key: what it is for, what it may do, and for how long.
import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type ApiKey, type Mortise, mortise } from '../hub.ts'
import { fieldErrorsOf, Problem } from '../parts/problem.tsx'
import { useSession } from '../session/session.ts'
import { texts } from '../texts.ts'

const dayMs = 86_400_000

export function NewKey(props: {
  onClose: () => void
  onMade: (made: { name: string; key: string }) => void
}) {
  const { scopes: own } = useSession()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(own.filter((scope) => scope !== 'operator'))
  const [days, setDays] = useState('never')
  const act = (hub: Mortise) =>
    hub.apiKeys.create({
      name,
      scopes: scopes as ApiKey['scopes'],
      expires_at: days === 'never' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString(),
    })
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => act(mortise),
    async onSuccess(made) {
      await queryClient.invalidateQueries({ queryKey: ['keys'] })
      props.onMade(made)
    },
  })
  const errors = fieldErrorsOf(error)
  function submit(event: FormEvent): void {
    event.preventDefault()
    mutate()
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={texts.apiKeys.create}
      closeButtonProps={{ 'aria-label': texts.close }}
      size="lg"
    >
      <form onSubmit={submit}>
        <Stack>
          {error && <Problem error={error} title={texts.notSaved} />}
          <TextInput
            label={texts.apiKeys.name}
            placeholder={texts.apiKeys.nameExample}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.name}
            required
            maxLength={255}
            data-autofocus
          />
          <Checkbox.Group
            label={texts.apiKeys.scopes}
            value={scopes}
            onChange={setScopes}
            error={errors.scopes}
          >
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
              {own.map((scope) => (
                <Checkbox key={scope} value={scope} label={scope} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
          <Select
            label={texts.apiKeys.lifetime}
            data={Object.entries(texts.apiKeys.lifetimes).map(([value, label]) => ({ value, label }))}
            value={days}
            onChange={(days) => setDays(days ?? 'never')}
            allowDeselect={false}
            error={errors.expires_at}
          />
          <Group justify="flex-end">
            <AsCode act={act} />
            <Button variant="default" onClick={props.onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={scopes.length === 0}>
              {texts.apiKeys.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

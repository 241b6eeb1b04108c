// One integration: made, changed, and deleted where nothing hangs on it.
import { Alert, Button, Group, Paper, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Integration as IntegrationData, type Mortise, mortise } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useMay, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'
import { type Given, IntegrationForm, members } from './integration-form.tsx'
import { Hanging, Readiness } from './readiness.tsx'

const here = getRouteApi('/console/integrations/$id')

/** As the documented API numbers them. */
const webApp = 1
const invoice = 2

export function NewIntegration() {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const back = () => navigate({ to: '/console/integrations' })
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: Given) => creates(given)(mortise),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['integrations'] })
      await back()
    },
  })
  return (
    <Page title={texts.integrations.create}>
      <Paper withBorder p="md" maw={720}>
        <IntegrationForm
          action={texts.integrations.create}
          act={creates}
          onSubmit={(given) => mutate(given)}
          onCancel={() => void back()}
          isPending={isPending}
          error={error}
        />
      </Paper>
    </Page>
  )
}

function creates(given: Given) {
  return (hub: Mortise) => hub.integrations.create(given)
}

export function Integration() {
  const { id } = here.useParams()
  const { data, error } = useQuery({
    queryKey: ['integration', id],
    queryFn: ({ signal }) => mortise.integrations.retrieve(id, { signal }),
  })
  if (data) return <Found key={data.id} integration={data} />
  return (
    <Page title={texts.integrations.title}>{error ? <Problem error={error} /> : <Waiting rows={8} />}</Page>
  )
}

function Found({ integration }: { integration: IntegrationData }) {
  const { id, name, type } = integration
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const { is_bound } = useSession()
  const mayWrite = useMay('integrations:write') && type !== invoice
  const [isDeleting, setDeleting] = useState(false)
  const back = () => navigate({ to: '/console/integrations' })
  const changes = (given: Partial<Given>) => (hub: Mortise) => hub.integrations.change(id, given)
  const removes = (hub: Mortise) => hub.integrations.remove(id)
  const change = useMutation({
    mutationFn: (given: Given) => changes(given)(mortise),
    onMutate: () => integration,
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const remove = useMutation({
    mutationFn: () => removes(mortise),
    async onSuccess() {
      await back()
      await queryClient.invalidateQueries({ queryKey: ['integrations'] })
    },
  })
  return (
    <Page
      title={name === '' ? id : name}
      actions={
        mayWrite &&
        !is_bound &&
        type !== webApp && (
          <Button variant="default" onClick={() => setDeleting(true)}>
            {texts.delete}
          </Button>
        )
      }
    >
      <Readiness integration={integration} />
      {change.isSuccess && change.context && <UndoSaved before={change.context} changes={changes} />}
      {type === invoice && <Text c="dimmed">{texts.integrations.invoiceHelp}</Text>}
      {type === webApp && <Text c="dimmed">{texts.integrations.webAppHelp}</Text>}
      <Paper withBorder p="md" maw={720}>
        <IntegrationForm
          // Once saved or undone, it shows what there is.
          key={JSON.stringify([members.map((name) => integration[name]), integration.logo])}
          integration={integration}
          action={texts.save}
          act={changes}
          isReadOnly={!mayWrite}
          onSubmit={(given) => change.mutate(given)}
          onCancel={() => void back()}
          isPending={change.isPending}
          error={change.error}
        />
      </Paper>
      <Hanging integration={integration} />
      {isDeleting && (
        <Confirm
          title={texts.integrations.deleteTitle(name)}
          action={texts.delete}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
          isPending={remove.isPending}
          error={remove.error}
          more={<AsCode act={removes} />}
        >
          {texts.integrations.deleteHelp}
        </Confirm>
      )}
    </Page>
  )
}

/** A logo is not kept once another has taken its place, so that what is written is all that comes back. */
function UndoSaved(props: {
  before: IntegrationData
  changes: (given: Partial<Given>) => (hub: Mortise) => Promise<unknown>
}) {
  const { before, changes } = props
  const queryClient = useQueryClient()
  const act = changes(Object.fromEntries(members.map((name) => [name, before[name] ?? ''])))
  const undo = useMutation({
    mutationFn: () => act(mortise),
    onSettled: () => queryClient.invalidateQueries(),
  })
  return (
    <Alert color="teal" variant="outline" role="status">
      <Group justify="space-between">
        <Text size="sm">{undo.isSuccess ? texts.undo.undone : texts.undo.saved}</Text>
        {!undo.isSuccess && (
          <Button size="xs" variant="default" onClick={() => undo.mutate()} loading={undo.isPending}>
            {texts.undo.undo}
          </Button>
        )}
      </Group>
      {undo.error && <Problem error={undo.error} />}
    </Alert>
  )
}

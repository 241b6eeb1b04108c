// One integration: made, changed, and deleted where nothing hangs on it.
import { Button, Paper, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Integration as IntegrationData, mortise } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useMay, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'
import { type Given, IntegrationForm } from './integration-form.tsx'

const here = getRouteApi('/console/integrations/$id')

/** As the documented API numbers them. */
const webApp = 1
const invoice = 2

export function NewIntegration() {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const back = () => navigate({ to: '/console/integrations' })
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: Given) => mortise.integrations.create(given),
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
          onSubmit={(given) => mutate(given)}
          onCancel={() => void back()}
          isPending={isPending}
          error={error}
        />
      </Paper>
    </Page>
  )
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
  const change = useMutation({
    mutationFn: (given: Given) => mortise.integrations.change(id, given),
    async onSuccess() {
      await queryClient.invalidateQueries()
      await back()
    },
  })
  const remove = useMutation({
    mutationFn: () => mortise.integrations.remove(id),
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
      {type === invoice && <Text c="dimmed">{texts.integrations.invoiceHelp}</Text>}
      {type === webApp && <Text c="dimmed">{texts.integrations.webAppHelp}</Text>}
      <Paper withBorder p="md" maw={720}>
        <IntegrationForm
          integration={integration}
          action={texts.save}
          isReadOnly={!mayWrite}
          onSubmit={(given) => change.mutate(given)}
          onCancel={() => void back()}
          isPending={change.isPending}
          error={change.error}
        />
      </Paper>
      {isDeleting && (
        <Confirm
          title={texts.integrations.deleteTitle(name)}
          action={texts.delete}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
          isPending={remove.isPending}
          error={remove.error}
        >
          {texts.integrations.deleteHelp}
        </Confirm>
      )}
    </Page>
  )
}

// Makes a connection: choose the provider, or paste what it gave; then fill in what it needs.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Act } from '../code/act.ts'
import { type Connection, mortise, type Provider } from '../hub.ts'
import { Page } from '../parts/page.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { texts } from '../texts.ts'
import { Catalogue } from './catalogue.tsx'
import { ConnectionForm, type Given } from './connection-form.tsx'
import type { Detected } from './detect.ts'
import { useProvider } from './providers.ts'

const here = getRouteApi('/console/as/$integration/connections/new')

export function NewConnection() {
  const { integration } = here.useParams()
  const { provider: name } = here.useSearch()
  const navigate = here.useNavigate()
  const provider = useProvider(name)
  /** What was pasted stays in memory alone: the address does not have it. */
  const [found, setFound] = useState<Detected>()
  const choose = (provider: string | undefined) =>
    void navigate({ search: provider === undefined ? {} : { provider } })
  return (
    <Page title={texts.connections.create}>
      {name === undefined && (
        <Catalogue
          onChoose={(name, detected) => {
            setFound(detected)
            choose(name)
          }}
        />
      )}
      {provider && (
        <Paper withBorder p="md" maw={720}>
          <Chosen provider={provider} onChange={() => choose(undefined)} />
          <Form
            key={provider.name}
            provider={provider}
            integration={integration}
            found={found?.provider === provider.name ? found.values : {}}
          />
        </Paper>
      )}
    </Page>
  )
}

function Chosen({ provider, onChange }: { provider: Provider; onChange: () => void }) {
  const { name, title, lifecycle } = provider
  return (
    <Stack gap="xs" mb="md">
      <Group justify="space-between">
        <Group gap="sm">
          <ProviderMark name={name} />
          <Title order={2} size="h4">
            {title}
          </Title>
        </Group>
        <Button variant="default" size="xs" onClick={onChange}>
          {texts.catalogue.another}
        </Button>
      </Group>
      {lifecycle.note && <Text size="sm">{lifecycle.note}</Text>}
    </Stack>
  )
}

function Form(props: { provider: Provider; integration: string; found: Readonly<Record<string, string>> }) {
  const { provider, integration, found } = props
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const actOf =
    ({ verify, ...given }: Given) =>
    (hub: Parameters<Act>[0]): Promise<Connection> =>
      hub
        .as(integration)
        .connections.create(
          { provider: provider.name, ...given },
          verify ? { query: { verify: 'true' } } : { query: {} },
        )
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: Given) => actOf(given)(mortise),
    async onSuccess({ id }) {
      await queryClient.invalidateQueries()
      await navigate({
        to: '/console/as/$integration/connections/$id',
        params: { integration, id: String(id) },
      })
    },
  })
  return (
    <ConnectionForm
      provider={provider}
      found={found}
      action={texts.connections.create}
      act={actOf}
      onSubmit={(given) => mutate(given)}
      onCancel={() => void navigate({ to: '/console/as/$integration/connections', params: { integration } })}
      isPending={isPending}
      error={error}
    />
  )
}

// Makes a connection: choose the provider, then fill in what it needs.
import { Paper, Select, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { mortise } from '../hub.ts'
import { Page } from '../parts/page.tsx'
import { texts } from '../texts.ts'
import { ConnectionForm, type Given } from './connection-form.tsx'
import { useProvider, useProviders } from './providers.ts'

const here = getRouteApi('/console/as/$integration/connections/new')

export function NewConnection() {
  const { integration } = here.useParams()
  const { provider: name } = here.useSearch()
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const providers = useProviders()
  const provider = useProvider(name)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ verify, ...given }: Given) =>
      mortise
        .as(integration)
        .connections.create(
          { provider: name ?? '', ...given },
          verify ? { query: { verify: 'true' } } : { query: {} },
        ),
    async onSuccess({ id }) {
      await queryClient.invalidateQueries()
      await navigate({
        to: '/console/as/$integration/connections/$id',
        params: { integration, id: String(id) },
      })
    },
  })
  return (
    <Page title={texts.connections.create}>
      <Paper withBorder p="md" maw={720}>
        <Select
          label={texts.connections.provider}
          description={texts.connections.providerHelp}
          data={providers.map(({ name, title, lifecycle }) => ({
            value: name,
            label: lifecycle.state === 'current' ? title : `${title} (${lifecycle.state})`,
          }))}
          value={name ?? null}
          onChange={(provider) => {
            reset()
            void navigate({ search: provider === null ? {} : { provider }, replace: true })
          }}
          searchable
          allowDeselect={false}
          mb="md"
        />
        {provider?.lifecycle.note && <Text mb="md">{provider.lifecycle.note}</Text>}
        {provider && (
          <ConnectionForm
            key={provider.name}
            provider={provider}
            action={texts.connections.create}
            onSubmit={(given) => mutate(given)}
            onCancel={() =>
              void navigate({ to: '/console/as/$integration/connections', params: { integration } })
            }
            isPending={isPending}
            error={error}
          />
        )}
      </Paper>
    </Page>
  )
}

// One connection: how it is and why, what to press, what it is made of, and who uses it.
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Connection as ConnectionData, type Mortise, mortise } from '../hub.ts'
import { HealthBadge } from '../parts/health.tsx'
import { Page, Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'
import { ConnectionForm, type Given } from './connection-form.tsx'
import { Checks, Fields, Previous, Usage } from './connection-sections.tsx'
import { DeleteConnection } from './delete-connection.tsx'
import { Embed } from './embed.tsx'
import { useProvider } from './providers.ts'
import { TryCall } from './try-call.tsx'
import { UndoChange } from './undo-change.tsx'

const here = getRouteApi('/console/as/$integration/connections/$id')

export function Connection() {
  const { integration, id } = here.useParams()
  const { data, error } = useQuery({
    queryKey: ['connection', integration, id],
    queryFn: ({ signal }) => mortise.as(integration).connections.retrieve(id, { signal }),
  })
  if (error) {
    return (
      <Page title={texts.connections.title}>
        <Problem error={error} />
      </Page>
    )
  }
  if (!data) {
    return (
      <Page title={texts.connections.title}>
        <Waiting />
      </Page>
    )
  }
  return <Found key={data.id} connection={data} />
}

function Found({ connection }: { connection: ConnectionData }) {
  const { id, integration, title } = connection
  const { edit } = here.useSearch()
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const provider = useProvider(connection.provider)
  const [isDeleting, setDeleting] = useState(false)
  const mayWrite = useMay('connections:write')
  const actOf =
    ({ verify, ...given }: Given) =>
    (hub: Mortise) =>
      hub.as(integration).connections.change(id, given, { query: verify ? { verify: 'true' } : {} })
  const askOf = (hub: Mortise) => hub.as(integration).connections.verify(id)
  const mayCall = useMay('proxy:call')
  const show = (edit?: string) => void navigate({ search: edit ? { edit } : {}, replace: true })
  const verify = useMutation({
    mutationFn: () => askOf(mortise),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const change = useMutation({
    onMutate: () => connection,
    mutationFn: (given: Given) => actOf(given)(mortise),
    async onSuccess() {
      verify.reset()
      await queryClient.invalidateQueries()
      show()
    },
  })
  const canVerify = provider?.capabilities.verify
  return (
    <Page
      title={title}
      actions={
        mayWrite && (
          <>
            {canVerify?.available && (
              <Button onClick={() => verify.mutate()} loading={verify.isPending}>
                {texts.connections.verify}
              </Button>
            )}
            <Button variant="default" onClick={() => show('yes')}>
              {texts.edit}
            </Button>
            <Button variant="default" onClick={() => setDeleting(true)}>
              {texts.delete}
            </Button>
            {canVerify?.available && <AsCode act={askOf} />}
          </>
        )
      }
    >
      <Standing connection={connection} />
      {verify.error && <Problem error={verify.error} title={texts.connections.notVerified} />}
      {verify.data?.notices.map((notice) => (
        <Alert key={notice} color="yellow" variant="outline">
          {notice}
        </Alert>
      ))}
      {change.data?.warnings.map((warning) => (
        <Alert key={warning} color="yellow" variant="outline">
          {warning}
        </Alert>
      ))}
      {change.isSuccess && change.context && <UndoChange before={change.context} given={change.variables} />}
      {edit && provider && mayWrite ? (
        <Section title={texts.connections.editTitle}>
          <ConnectionForm
            provider={provider}
            connection={connection}
            action={texts.save}
            act={actOf}
            onSubmit={(given) => change.mutate(given)}
            onCancel={() => show()}
            isPending={change.isPending}
            error={change.error}
          />
        </Section>
      ) : (
        <Fields connection={connection} provider={provider} />
      )}
      {mayWrite && <Previous connection={connection} provider={provider} />}
      {provider?.capabilities.proxy.available && mayCall && <TryCall connection={connection} />}
      <Checks connection={connection} />
      <Usage connection={connection} />
      {provider?.capabilities.embed.available && <Embed connection={connection} />}
      {isDeleting && <DeleteConnection connection={connection} onClose={() => setDeleting(false)} />}
    </Page>
  )
}

function Standing({ connection: { provider, health, id } }: { connection: ConnectionData }) {
  return (
    <Paper withBorder p="md" role="status">
      <Group wrap="nowrap" align="start">
        <ProviderMark name={provider} />
        <Stack gap={4}>
          <Group gap="xs">
            <HealthBadge status={health.status} />
            <Text size="sm" c="dimmed">
              {provider} · {texts.connections.number(id)}
            </Text>
          </Group>
          <Text>{health.reason ?? texts.healthHelp[health.status]}</Text>
          <Text size="sm" c="dimmed">
            {health.account !== null && <>{texts.connections.belongsTo(health.account)} </>}
            {health.mode !== null && <>{texts.connections.mode[health.mode]} </>}
            {texts.connections.checked} <When at={health.checked_at} />
          </Text>
        </Stack>
      </Group>
    </Paper>
  )
}

// Makes a webhook, and shows its secret once.
import { Paper } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type Mortise, mortise } from '../hub.ts'
import { Page } from '../parts/page.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { texts } from '../texts.ts'
import { type Given, WebhookForm } from './webhook-form.tsx'

const here = getRouteApi('/console/as/$integration/webhooks/new')

export function NewWebhook() {
  const { integration } = here.useParams()
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const makes = (given: Given) => (hub: Mortise) => hub.as(integration).webhooks.create(given)
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: (given: Given) => makes(given)(mortise),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  return (
    <Page title={texts.webhooks.create}>
      <Paper withBorder p="md" maw={720}>
        <WebhookForm
          action={texts.webhooks.create}
          onSubmit={(given) => mutate(given)}
          act={makes}
          onCancel={() => void navigate({ to: '/console/as/$integration/webhooks', params: { integration } })}
          isPending={isPending}
          error={error}
        />
      </Paper>
      {data && (
        <ShownOnce
          title={texts.webhooks.secretOf(data.url)}
          help={texts.webhooks.secretHelp}
          label={texts.webhooks.secret}
          text={data.secret_key}
          action={texts.webhooks.kept}
          onClose={() =>
            void navigate({
              to: '/console/as/$integration/webhooks/$id',
              params: { integration, id: data.id },
            })
          }
        />
      )}
    </Page>
  )
}

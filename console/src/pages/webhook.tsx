// One webhook: whether it is taken, why not, what to press, and what became of each delivery.
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Mortise, mortise, type Webhook as WebhookData } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { resultOf, WebhookBadge } from '../parts/delivery.tsx'
import { Page, Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'
import { Deliveries } from './deliveries.tsx'
import { type Given, WebhookForm } from './webhook-form.tsx'
import { titleOf } from './webhooks.tsx'

const here = getRouteApi('/console/as/$integration/webhooks/$id')

export function Webhook() {
  const { integration, id } = here.useParams()
  const { data, error } = useQuery({
    queryKey: ['webhook', integration, id],
    queryFn: ({ signal }) => mortise.as(integration).webhooks.retrieve(id, { signal }),
    // What becomes of deliveries changes it meanwhile.
    refetchOnMount: 'always',
    refetchInterval: 5_000,
  })
  if (data) return <Found key={data.id} webhook={data} />
  return <Page title={texts.webhooks.title}>{error ? <Problem error={error} /> : <Waiting />}</Page>
}

function Found({ webhook }: { webhook: WebhookData }) {
  const { id, integration, url, disabled_at } = webhook
  const { edit, status } = here.useSearch()
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const mayWrite = useMay('webhooks:write')
  const [asking, setAsking] = useState<'remove' | 'rotate'>()
  const show = (change: { edit?: string | undefined; status?: string | undefined }) => {
    const next = Object.entries({ edit, status, ...change }).filter(([, value]) => value)
    void navigate({ search: Object.fromEntries(next), replace: true })
  }
  const refresh = () => queryClient.invalidateQueries()
  const acts = {
    change: (given: Given) => (hub: Mortise) => hub.as(integration).webhooks.change(id, given),
    turn: (isOn: boolean) => (hub: Mortise) =>
      hub.as(integration).webhooks.change(id, { disabled_at: isOn ? null : new Date().toISOString() }),
    test: (hub: Mortise) => hub.as(integration).deliveries.test(id),
    rotate: (hub: Mortise) => hub.as(integration).webhooks.rotateSecret(id, {}),
    remove: (hub: Mortise) => hub.as(integration).webhooks.remove(id),
  }
  const change = useMutation({
    mutationFn: (given: Given) => acts.change(given)(mortise),
    async onSuccess() {
      await refresh()
      show({ edit: undefined })
    },
  })
  const turn = useMutation({
    mutationFn: (isOn: boolean) => acts.turn(isOn)(mortise),
    onSuccess: refresh,
  })
  const test = useMutation({ mutationFn: () => acts.test(mortise), onSettled: refresh })
  const rotate = useMutation({
    mutationFn: () => acts.rotate(mortise),
    async onSuccess() {
      setAsking(undefined)
      await refresh()
    },
  })
  const remove = useMutation({
    mutationFn: () => acts.remove(mortise),
    async onSuccess() {
      await navigate({ to: '/console/as/$integration/webhooks', params: { integration } })
      await refresh()
    },
  })
  const actions = (
    <>
      <Button onClick={() => test.mutate()} loading={test.isPending}>
        {texts.webhooks.test}
      </Button>
      <Button variant="default" onClick={() => show({ edit: 'yes' })}>
        {texts.edit}
      </Button>
      <Button variant="default" onClick={() => turn.mutate(disabled_at !== null)} loading={turn.isPending}>
        {disabled_at === null ? texts.webhooks.disable : texts.webhooks.enable}
      </Button>
      <Button variant="default" onClick={() => setAsking('rotate')}>
        {texts.webhooks.rotate.action}
      </Button>
      <Button variant="default" onClick={() => setAsking('remove')}>
        {texts.delete}
      </Button>
      <AsCode act={acts.test} />
    </>
  )
  return (
    <Page title={titleOf(webhook)} actions={mayWrite && actions}>
      <Standing webhook={webhook} />
      {turn.error && <Problem error={turn.error} />}
      {test.error && <Problem error={test.error} />}
      {test.data && <Tested webhook={webhook} tested={test.data} />}
      {edit && mayWrite && (
        <Section title={texts.webhooks.editTitle}>
          <WebhookForm
            webhook={webhook}
            action={texts.save}
            onSubmit={(given) => change.mutate(given)}
            act={acts.change}
            onCancel={() => show({ edit: undefined })}
            isPending={change.isPending}
            error={change.error}
          />
        </Section>
      )}
      <Deliveries webhook={webhook} status={status} onStatus={(status) => show({ status })} />
      {asking !== undefined && (
        <Confirm
          title={texts.webhooks[asking].title}
          action={asking === 'remove' ? texts.delete : texts.webhooks.rotate.action}
          onConfirm={() => (asking === 'remove' ? remove : rotate).mutate()}
          onClose={() => setAsking(undefined)}
          isPending={remove.isPending || rotate.isPending}
          error={asking === 'remove' ? remove.error : rotate.error}
          isHarmless={asking === 'rotate'}
          more={<AsCode act={acts[asking]} />}
        >
          {texts.webhooks[asking].help}
        </Confirm>
      )}
      {rotate.data && (
        <ShownOnce
          title={texts.webhooks.secretOf(url)}
          help={
            <>
              {texts.webhooks.secretHelp} {texts.webhooks.secretOverlap}
            </>
          }
          label={texts.webhooks.secret}
          text={rotate.data.secret_key}
          action={texts.webhooks.kept}
          onClose={rotate.reset}
        />
      )}
    </Page>
  )
}

function Standing({ webhook }: { webhook: WebhookData }) {
  const { url, events, metadata, failing_since, disabled_at, disabled_reason, created_at } = webhook
  const { title: _, ...rest } = metadata
  return (
    <Paper withBorder p="md" role="status">
      <Stack gap={4}>
        <Group gap="xs">
          <WebhookBadge webhook={webhook} />
          <Text size="sm" c="dimmed">
            {texts.webhooks.made} <When at={created_at} />
          </Text>
        </Group>
        <Text>{url}</Text>
        {disabled_at !== null && (
          <Text>
            {texts.webhooks.disabledSince} <When at={disabled_at} />.{' '}
            {disabled_reason !== null && texts.webhooks.reasons[disabled_reason]} {texts.webhooks.enableHelp}
          </Text>
        )}
        {disabled_at === null && failing_since !== null && (
          <Text>
            {texts.webhooks.failingSince} <When at={failing_since} />.
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {texts.webhooks.events}: {events.join(', ')}
        </Text>
        {Object.keys(rest).length > 0 && (
          <Text size="sm" c="dimmed" ff="monospace">
            {JSON.stringify(rest)}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

type TestedDelivery = Awaited<ReturnType<typeof mortise.deliveries.test>>

function Tested({ webhook, tested }: { webhook: WebhookData; tested: TestedDelivery }) {
  const { id, integration } = webhook
  const attempt = tested.attempts.at(-1)
  const isTaken = tested.status === 'delivered'
  return (
    <Alert
      color={isTaken ? 'teal' : 'red'}
      variant="outline"
      role={isTaken ? 'status' : 'alert'}
      title={texts.webhooks.tested(tested.last_status)}
    >
      <Text size="sm">
        {isTaken ? texts.webhooks.testTook : attempt && resultOf(attempt)}
        {attempt && `, ${texts.milliseconds(attempt.duration_ms)}`}.{' '}
        <Link
          to="/console/as/$integration/webhooks/$id/deliveries/$delivery"
          params={{ integration, id, delivery: tested.id }}
        >
          {texts.webhooks.testSee}
        </Link>
      </Text>
    </Alert>
  )
}

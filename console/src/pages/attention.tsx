// What somebody has to look at, each with why and with what to press: connections, webhooks and keys.
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Attention, type FailingWebhook, mortise, type Overview } from '../hub.ts'
import { resultOf, WebhookBadge } from '../parts/delivery.tsx'
import { HealthBadge } from '../parts/health.tsx'
import { messageOf } from '../parts/problem.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session/session.ts'
import { texts } from '../texts.ts'

export function Unwell({ one }: { one: Attention }) {
  const queryClient = useQueryClient()
  const mayWrite = useMay('connections:write')
  const verify = useMutation({
    mutationFn: () => mortise.as(one.integration).connections.verify(one.id),
    onSettled: () => queryClient.invalidateQueries(),
  })
  const params = { integration: one.integration, id: String(one.id) }
  return (
    <li className="row">
      <ProviderMark name={one.provider} />
      <Stack gap={2}>
        <Group gap="xs">
          <Link to="/console/as/$integration/connections/$id" params={params}>
            {one.title}
          </Link>
          <HealthBadge status={one.status} />
        </Group>
        <Text size="sm">{one.reason ?? texts.overview.noReason}</Text>
        <Text size="sm" c="dimmed">
          {texts.overview.where(one.integration_name)} <When at={one.checked_at} />
        </Text>
        {verify.error && (
          <Text size="sm" c="red" role="alert">
            {messageOf(verify.error)}
          </Text>
        )}
      </Stack>
      {mayWrite && (
        <Group className="actions" gap="xs">
          <Button size="xs" variant="default" onClick={() => verify.mutate()} loading={verify.isPending}>
            {texts.connections.verify}
          </Button>
          {(one.status === 'rejected' || one.status === 'degraded') && (
            <Link to="/console/as/$integration/connections/$id" params={params} search={{ edit: 'yes' }}>
              <Button component="span" size="xs">
                {texts.connections.mend}
              </Button>
            </Link>
          )}
        </Group>
      )}
    </li>
  )
}

export function FailingWebhookRow({ one }: { one: FailingWebhook }) {
  const { id, integration, title, waiting, exhausted } = one
  const params = { integration, id }
  return (
    <li className="row">
      <Mark sign="⇢" />
      <Stack gap={2}>
        <Group gap="xs">
          <Link to="/console/as/$integration/webhooks/$id" params={params}>
            {title}
          </Link>
          <WebhookBadge webhook={one} />
        </Group>
        <WhyFailing one={one} />
        {exhausted > 0 && (
          <Text size="sm">
            {texts.overview.givenUp(exhausted)} {texts.overview.givenUpHelp}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {texts.overview.ofIntegration(integration)}. {waiting > 0 && texts.overview.waiting(waiting)}
        </Text>
      </Stack>
      <Group className="actions" gap="xs">
        <Link
          to="/console/as/$integration/webhooks/$id"
          params={params}
          search={exhausted > 0 && waiting === 0 ? { status: 'exhausted' } : {}}
        >
          <Button component="span" size="xs" variant="default">
            {texts.overview.look}
          </Button>
        </Link>
      </Group>
    </li>
  )
}

function WhyFailing({ one }: { one: FailingWebhook }) {
  const { failing_since, disabled_at, disabled_reason, last_status, last_error } = one
  if (disabled_at === null && failing_since === null) return null
  const hasResult = last_status !== null || last_error !== null
  return (
    <Text size="sm">
      {disabled_at !== null ? (
        <>
          {texts.webhooks.disabledSince} <When at={disabled_at} />.{' '}
          {disabled_reason !== null && texts.webhooks.reasons[disabled_reason]}
        </>
      ) : (
        <>
          {texts.overview.webhookFailing} <When at={failing_since} />.
        </>
      )}{' '}
      {hasResult && texts.overview.lastAttempt(resultOf({ status: last_status, error: last_error }))}
    </Text>
  )
}

export function EndingKey({ one }: { one: NonNullable<Overview['ending_keys']>[number] }) {
  return (
    <li className="row">
      <Mark sign="!" />
      <Stack gap={2}>
        <Link to="/console/api-keys">{one.name}</Link>
        <Text size="sm">
          {texts.overview.keyEnds} <When at={one.expires_at} />
        </Text>
      </Stack>
      <Group className="actions" gap="xs">
        <Link to="/console/api-keys">
          <Button component="span" size="xs" variant="default">
            {texts.apiKeys.title}
          </Button>
        </Link>
      </Group>
    </li>
  )
}

function Mark({ sign }: { sign: string }) {
  return (
    <Badge circle size="36" variant="filled" color="gray.7" aria-hidden="true">
      {sign}
    </Badge>
  )
}

// API keys: made, shown once, rolled and revoked.
import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type ApiKey, type Mortise, mortise } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Empty, Page, Waiting } from '../parts/page.tsx'
import { Pages, pageSize } from '../parts/pages.tsx'
import { Problem } from '../parts/problem.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { When } from '../parts/when.tsx'
import { texts } from '../texts.ts'
import { NewKey } from './new-key.tsx'

const here = getRouteApi('/console/api-keys')

type Doing = { what: 'revoke' | 'roll'; key: ApiKey }

export function ApiKeys() {
  const { page = 1 } = here.useSearch()
  const navigate = here.useNavigate()
  const queryClient = useQueryClient()
  const [isMaking, setMaking] = useState(false)
  const [shown, setShown] = useState<{ name: string; key: string }>()
  const [doing, setDoing] = useState<Doing>()
  const lists = (options: { signal?: AbortSignal }) => (hub: Mortise) =>
    hub.apiKeys.list({ ...options, query: { page: String(page), page_size: String(pageSize) } })
  const { data, error } = useQuery({
    queryKey: ['keys', page],
    queryFn: ({ signal }) => lists({ signal })(mortise),
    placeholderData: keepPreviousData,
  })
  const act = useMutation({
    mutationFn: (doing: Doing) => does(doing)(mortise),
    async onSuccess(made) {
      if (made) setShown(made)
      setDoing(undefined)
      await queryClient.invalidateQueries({ queryKey: ['keys'] })
    },
  })
  const begin = (what: Doing['what'], key: ApiKey) => {
    act.reset()
    setDoing({ what, key })
  }
  return (
    <Page
      title={texts.apiKeys.title}
      actions={
        <>
          <Button onClick={() => setMaking(true)}>{texts.apiKeys.create}</Button>
          <AsCode act={lists({})} />
        </>
      }
    >
      {error && <Problem error={error} />}
      {!data && !error && <Waiting />}
      {data?.count === 0 && <Empty title={texts.apiKeys.none} help={texts.apiKeys.noneHelp} />}
      {data && data.count > 0 && (
        <>
          <Paper withBorder component="ul" className="rows">
            {data.results.map((key) => (
              <Row key={key.id} apiKey={key} onAct={begin} />
            ))}
          </Paper>
          <Pages count={data.count} page={page} onChange={(page) => void navigate({ search: { page } })} />
        </>
      )}
      {isMaking && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false)
            setShown(made)
          }}
        />
      )}
      {shown && (
        <ShownOnce
          title={texts.apiKeys.made(shown.name)}
          help={texts.apiKeys.shownOnce}
          label={texts.apiKeys.key}
          text={shown.key}
          action={texts.apiKeys.kept}
          onClose={() => setShown(undefined)}
        />
      )}
      {doing && (
        <Confirm
          title={texts.apiKeys[doing.what].title(doing.key.name)}
          action={texts.apiKeys[doing.what].action}
          onConfirm={() => act.mutate(doing)}
          onClose={() => setDoing(undefined)}
          isPending={act.isPending}
          error={act.error}
          more={<AsCode act={does(doing)} />}
        >
          {texts.apiKeys[doing.what].help}
        </Confirm>
      )}
    </Page>
  )
}

function does({ what, key }: Doing) {
  return async (hub: Mortise): Promise<{ name: string; key: string } | undefined> =>
    what === 'revoke' ? hub.apiKeys.remove(key.id) : hub.apiKeys.roll(key.id)
}

function Row({ apiKey, onAct }: { apiKey: ApiKey; onAct: (what: Doing['what'], key: ApiKey) => void }) {
  const { name, prefix, last_four, scopes, state, last_used_at, expires_at, revoked_at, integration } = apiKey
  const isActive = state === 'active'
  return (
    <li className="row">
      <Badge circle variant="filled" color={isActive ? 'teal.9' : 'gray.7'} aria-hidden="true">
        {isActive ? '✓' : '–'}
      </Badge>
      <Stack gap={2}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Text ff="monospace" size="sm" c="dimmed">
            {prefix === '' ? texts.apiKeys.imported : `${prefix}…${last_four}`}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {texts.apiKeys.states[state]} · {texts.apiKeys.used} <When at={last_used_at} />
          {expires_at !== null && (
            <>
              {' '}
              · {texts.apiKeys.ends} <When at={expires_at} />
            </>
          )}
          {revoked_at !== null && (
            <>
              {' '}
              · {texts.apiKeys.revoked} <When at={revoked_at} />
            </>
          )}
          {integration !== null && ` · ${texts.apiKeys.boundTo(integration)}`}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={2} title={scopes.join(', ')}>
          {scopes.join(', ')}
        </Text>
      </Stack>
      {isActive && (
        <Group className="actions" gap="xs">
          <Button size="xs" variant="default" onClick={() => onAct('roll', apiKey)}>
            {texts.apiKeys.roll.action}
          </Button>
          <Button size="xs" variant="default" onClick={() => onAct('revoke', apiKey)}>
            {texts.apiKeys.revoke.action}
          </Button>
        </Group>
      )}
    </li>
  )
}

// All integrations: whom the product acts as.
import { Avatar, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type Mortise, mortise } from '../hub.ts'
import { Page, Waiting } from '../parts/page.tsx'
import { Pages, pageSize } from '../parts/pages.tsx'
import { Problem } from '../parts/problem.tsx'
import { useMay, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'

const here = getRouteApi('/console/integrations')

export function Integrations() {
  const { page = 1 } = here.useSearch()
  const navigate = here.useNavigate()
  const { is_bound } = useSession()
  const mayWrite = useMay('integrations:write') && !is_bound
  const actOf = (options: { signal?: AbortSignal }) => (hub: Mortise) =>
    hub.integrations.list({ ...options, query: { page: String(page), page_size: String(pageSize) } })
  const { data, error } = useQuery({
    queryKey: ['integrations', page],
    queryFn: ({ signal }) => actOf({ signal })(mortise),
    placeholderData: keepPreviousData,
  })
  return (
    <Page
      title={texts.integrations.title}
      actions={
        <>
          {mayWrite && (
            <Link to="/console/integrations/new">
              <Button component="span">{texts.integrations.create}</Button>
            </Link>
          )}
          <AsCode act={actOf({})} />
        </>
      }
    >
      <Text c="dimmed">{texts.integrations.help}</Text>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting />}
      {data && (
        <>
          <Paper withBorder component="ul" className="rows">
            {data.results.map(({ id, name, type, logo, city, recipient }) => (
              <li key={id} className="row">
                <Logo url={logo} size={36} />
                <Stack gap={2}>
                  <Link to="/console/integrations/$id" params={{ id }}>
                    {name === '' ? id : name}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {[id, recipient, city].filter(Boolean).join(' · ')}
                  </Text>
                </Stack>
                <Group className="actions" gap="xs">
                  <Badge variant="default" tt="none" fw={500}>
                    {texts.integrations.types[type] ?? type}
                  </Badge>
                  <Link to="/console/as/$integration/connections" params={{ integration: id }}>
                    <Button component="span" size="xs" variant="default">
                      {texts.connections.title}
                    </Button>
                  </Link>
                </Group>
              </li>
            ))}
          </Paper>
          <Pages count={data.count} page={page} onChange={(page) => void navigate({ search: { page } })} />
        </>
      )}
    </Page>
  )
}

/** From this origin, whatever the hub's public address is: the page's policy takes no other. */
export function Logo({ url, size }: { url: string | null; size: number }) {
  const src = url === null ? null : new URL(url, location.origin).pathname
  return (
    <Avatar src={src} alt="" radius="md" size={size} imageProps={{ style: { objectFit: 'contain' } }}>
      <span aria-hidden="true">◇</span>
    </Avatar>
  )
}

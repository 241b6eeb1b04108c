// As which integration one looks at connections: always in sight, and remembered.
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { mortise } from '../hub.ts'
import { texts } from '../texts.ts'

const rememberedAs = 'mortise.integration'

/** Another account has others. */
export function forgetIntegration(): void {
  localStorage.removeItem(rememberedAs)
}

function useIntegrations() {
  return useQuery({
    queryKey: ['integrations', 'all'],
    queryFn: ({ signal }) => mortise.integrations.list({ signal, query: { page_size: '100' } }),
    staleTime: 30_000,
  })
}

/** That of the address; else the one last looked at, if it is still there; else the first. */
export function useIntegration(): string | undefined {
  const { integration } = useParams({ strict: false })
  const { data } = useIntegrations()
  useEffect(() => {
    if (integration !== undefined) localStorage.setItem(rememberedAs, integration)
  }, [integration])
  if (integration !== undefined) return integration
  const remembered = localStorage.getItem(rememberedAs)
  const known = data?.results.some(({ id }) => id === remembered)
  return known && remembered !== null ? remembered : data?.results[0]?.id
}

export function IntegrationSwitch() {
  const { data } = useIntegrations()
  const current = useIntegration()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  if (!data || current === undefined) return null
  const choices = data.results.map(({ id, name }) => ({ value: id, label: name === '' ? id : name }))
  // One that is further down the list than we have looked.
  if (!choices.some(({ value }) => value === current)) choices.push({ value: current, label: current })

  function choose(integration: string | null): void {
    if (integration === null) return
    localStorage.setItem(rememberedAs, integration)
    void navigate({ to: placeLike(pathname), params: { integration } })
  }

  return (
    <Select
      aria-label={texts.switchIntegration}
      data={choices}
      value={current}
      onChange={choose}
      allowDeselect={false}
      searchable={choices.length > 8}
      size="sm"
      className="integration"
    />
  )
}

/** What one looks at stays: lists and forms are there for every integration, a single thing for one alone. */
function placeLike(pathname: string) {
  const isNew = pathname.endsWith('/new')
  if (pathname.split('/')[4] === 'webhooks') {
    return isNew ? '/console/as/$integration/webhooks/new' : '/console/as/$integration/webhooks'
  }
  return isNew ? '/console/as/$integration/connections/new' : '/console/as/$integration/connections'
}

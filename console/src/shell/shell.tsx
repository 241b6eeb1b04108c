// What stands around every page: where one can go, as which integration, and the way out.
import { AppShell, Burger, Button, Group, NavLink, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { signOut } from '../hub.ts'
import { Page } from '../parts/page.tsx'
import { useIsOperator, useMay, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'
import { AccountSwitch } from './account-switch.tsx'
import { ColorScheme } from './color-scheme.tsx'
import { IntegrationSwitch, useIntegration } from './integration-switch.tsx'

export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page was chosen, so the list of them goes away.
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <a className="skip" href="#page">
          {texts.skip}
        </a>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.menu} />
          <Title order={2} size="h4" visibleFrom="sm">
            {texts.product}
          </Title>
          <Group ml="auto" gap="xs" wrap="nowrap" className="switches">
            <AccountSwitch />
            <IntegrationSwitch />
            <ColorScheme />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.menu}>
        <Places pathname={pathname} />
        <SignOut />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function Places({ pathname }: { pathname: string }) {
  const integration = useIntegration()
  const mayWebhooks = useMay('webhooks:read')
  const mayKeys = useMay('keys:write')
  const mayAudit = useMay('audit:read')
  const isOperator = useIsOperator()
  const { is_bound } = useSession()
  const isAt = (start: string) => pathname.startsWith(start)
  const isWithin = (place: string) => isAt('/console/as/') && pathname.split('/')[4] === place
  return (
    <>
      <Link to="/">
        {() => <NavLink component="span" label={texts.overview.title} active={pathname === '/'} />}
      </Link>
      {integration !== undefined && (
        <Link to="/console/as/$integration/connections" params={{ integration }}>
          <NavLink component="span" label={texts.connections.title} active={isWithin('connections')} />
        </Link>
      )}
      {integration !== undefined && mayWebhooks && (
        <Link to="/console/as/$integration/webhooks" params={{ integration }}>
          <NavLink component="span" label={texts.webhooks.title} active={isWithin('webhooks')} />
        </Link>
      )}
      {mayWebhooks && (
        <Link to="/console/events">
          <NavLink component="span" label={texts.events.title} active={isAt('/console/events')} />
        </Link>
      )}
      <Link to="/console/integrations">
        <NavLink component="span" label={texts.integrations.title} active={isAt('/console/integrations')} />
      </Link>
      {mayKeys && (
        <Link to="/console/api-keys">
          <NavLink component="span" label={texts.apiKeys.title} active={isAt('/console/api-keys')} />
        </Link>
      )}
      {mayAudit && !is_bound && (
        <Link to="/console/audit">
          <NavLink component="span" label={texts.audit.title} active={isAt('/console/audit')} />
        </Link>
      )}
      {isOperator && (
        <Link to="/console/vault">
          <NavLink component="span" label={texts.vault.title} active={isAt('/console/vault')} />
        </Link>
      )}
      <Link to="/console/settings">
        <NavLink component="span" label={texts.settings.title} active={isAt('/console/settings')} />
      </Link>
    </>
  )
}

function SignOut() {
  const queryClient = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: signOut,
    onSuccess: () => queryClient.setQueryData(['session'], null),
  })
  return (
    <Button mt="auto" variant="default" onClick={() => mutate()} loading={isPending}>
      {texts.signOut}
    </Button>
  )
}

export function Nowhere() {
  return (
    <Page title={texts.nowhere.title}>
      <Text>{texts.nowhere.help}</Text>
    </Page>
  )
}

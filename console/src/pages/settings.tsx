// Who is signed in, and what the installation is set to.
import { Button, Code, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { signOut } from '../hub.ts'
import { getSettings, type InForce, signOutEverywhere } from '../hub-operators.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Page, Section, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { useIsOperator, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'

export function Settings() {
  const isOperator = useIsOperator()
  const { data, error } = useQuery({ queryKey: ['settings'], queryFn: getSettings, enabled: isOperator })
  return (
    <Page title={texts.settings.title}>
      <OwnSession />
      <Section title={texts.settings.installation}>
        {!isOperator && <Text c="dimmed">{texts.settings.installationRefused}</Text>}
        {error && <Problem error={error} />}
        {isOperator && !data && !error && <Waiting rows={8} />}
        {data && <Installation inForce={data} />}
      </Section>
    </Page>
  )
}

function OwnSession() {
  const { account, home_account, is_bound, scopes, started_with, ends_at } = useSession()
  const isOperator = useIsOperator()
  const queryClient = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const onSuccess = () => queryClient.setQueryData(['session'], null)
  const leave = useMutation({ mutationFn: signOut, onSuccess })
  const leaveAll = useMutation({ mutationFn: signOutEverywhere, onSuccess })
  return (
    <Section
      title={texts.settings.session}
      actions={
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => leave.mutate()} loading={leave.isPending}>
            {texts.signOut}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {texts.settings.signOutEverywhere}
          </Button>
        </Group>
      }
    >
      <Stack gap="sm">
        {leave.error && <Problem error={leave.error} />}
        <dl className="facts">
          <dt>{texts.settings.account}</dt>
          <dd>
            {texts.accounts.named(account.id, account.name)}
            {home_account !== null && (
              <Text size="sm" c="dimmed">
                {texts.settings.visiting(home_account)}
              </Text>
            )}
          </dd>
          <dt>{texts.settings.startedWith}</dt>
          <dd>
            {texts.settings.with[started_with]}
            {isOperator && <Text size="sm">{texts.settings.operator}</Text>}
            {is_bound && <Text size="sm">{texts.settings.bound}</Text>}
          </dd>
          <dt>{texts.settings.ends}</dt>
          <dd>
            <When at={ends_at} />, {texts.settings.endsHelp}
          </dd>
          <dt>{texts.settings.mayDo}</dt>
          <dd>
            <Text size="sm">{scopes.join(', ')}</Text>
          </dd>
        </dl>
      </Stack>
      {isAsking && (
        <Confirm
          title={texts.settings.everywhereTitle}
          action={texts.settings.signOutEverywhere}
          onConfirm={() => leaveAll.mutate()}
          onClose={() => setAsking(false)}
          isPending={leaveAll.isPending}
          error={leaveAll.error}
        >
          {started_with === 'key' ? texts.settings.everywhereKey : texts.settings.everywhereLink}
        </Confirm>
      )}
    </Section>
  )
}

function Installation({ inForce: { version, settings } }: { inForce: InForce }) {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {texts.settings.installationHelp}
      </Text>
      <Table layout="auto" className="settings">
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row">{texts.settings.version}</Table.Th>
            <Table.Td colSpan={2}>{version}</Table.Td>
          </Table.Tr>
          {settings.map(({ name, value, variable }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{texts.settings.names[name] ?? name}</Table.Th>
              <Table.Td>{value}</Table.Td>
              <Table.Td>
                <Code>{variable}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

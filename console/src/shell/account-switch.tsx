// Whose account one looks at: always in sight; operators go over to another one here.
import { Select, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { mortise, type Session } from '../hub.ts'
import { switchAccount } from '../hub-operators.ts'
import { messageOf } from '../parts/problem.tsx'
import { useIsOperator, useSession } from '../session/session.ts'
import { texts } from '../texts.ts'
import { forgetIntegration } from './integration-switch.tsx'

export function AccountSwitch() {
  const { account } = useSession()
  if (useIsOperator()) return <Choices />
  return (
    <Text size="sm" truncate className="account" title={account.name}>
      {account.name}
    </Text>
  )
}

/** What is the same whose account it is. */
const ofAll = new Set<unknown>(['session', 'accounts', 'providers'])

/** The session is one for all pages of a browser: none of them goes on showing an account that it is not at. */
const otherPages = new BroadcastChannel('mortise.account')
otherPages.onmessage = () => location.assign('/')

function Choices() {
  const { account } = useSession()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [looked, setLooked] = useState('')
  const { data } = useQuery({
    queryKey: ['accounts'],
    queryFn: ({ signal }) => mortise.accounts.list({ signal, query: { page_size: '100' } }),
    staleTime: 60_000,
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: switchAccount,
    async onSuccess(session: Session) {
      forgetIntegration()
      otherPages.postMessage('switched')
      await navigate({ to: '/' })
      queryClient.setQueryData(['session'], session)
      // What was shown of the other account is no business of this one.
      await queryClient.resetQueries({ predicate: ({ queryKey: [kind] }) => !ofAll.has(kind) })
    },
  })
  const found = [account, ...(data?.results ?? []).filter(({ id }) => id !== account.id)]
  const choices = found
    .toSorted((one, other) => one.id - other.id)
    .map(({ id, name }) => ({ value: String(id), label: texts.accounts.named(id, name) }))
  // One that is further down the list than we have looked.
  if (/^\d{1,15}$/.test(looked) && !choices.some(({ value }) => value === looked)) {
    choices.push({ value: looked, label: texts.accounts.numbered(looked) })
  }
  return (
    <Select
      aria-label={texts.accounts.label}
      data={choices}
      value={String(account.id)}
      onChange={(id) => id !== null && id !== String(account.id) && mutate(Number(id))}
      onSearchChange={setLooked}
      disabled={isPending}
      error={error && messageOf(error)}
      allowDeselect={false}
      searchable
      size="sm"
      className="account"
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  )
}

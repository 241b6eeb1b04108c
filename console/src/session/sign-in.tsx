// The door: a link signs in by itself, and an API key when it is given.
import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type Session, signIn } from '../hub.ts'
import { Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'

export function SignIn() {
  const queryClient = useQueryClient()
  const [apiKey, setApiKey] = useState('')
  const isLinkUsed = useRef(false)
  const { mutate, error, isPending } = useMutation({
    mutationFn: signIn,
    onSuccess(session: Session) {
      // What somebody else was shown is nobody's business now.
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      queryClient.setQueryData(['session'], session)
    },
  })

  useEffect(() => {
    const link = /^#sign-in=(.+)$/.exec(location.hash)?.[1]
    if (link === undefined || isLinkUsed.current) return
    isLinkUsed.current = true
    // Neither the history nor a copied address keeps it.
    history.replaceState(null, '', location.pathname + location.search)
    mutate({ link })
  }, [mutate])

  function submit(event: FormEvent): void {
    event.preventDefault()
    mutate({ api_key: apiKey.trim() })
  }

  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={420}>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} size="h2">
              {texts.signIn.title}
            </Title>
            <Text c="dimmed">{texts.signIn.help}</Text>
            {error && <Problem error={error} />}
            <PasswordInput
              label={texts.signIn.apiKey}
              placeholder="mrt_…"
              autoComplete="current-password"
              value={apiKey}
              onChange={(event) => setApiKey(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show, tabIndex: 0 }}
              required
            />
            <Button type="submit" loading={isPending} fullWidth>
              {texts.signIn.submit}
            </Button>
            <Text size="sm" c="dimmed">
              {texts.signIn.link}
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}

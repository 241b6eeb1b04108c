// The console as a whole: its looks, what it knows of the hub, and who is signed in.
import { Center, Loader, MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { findSession, hasEnded } from './hub.ts'
import { Problem } from './parts/problem.tsx'
import { router } from './router.tsx'
import { SessionContext } from './session/session.ts'
import { SignIn } from './session/sign-in.tsx'
import { texts } from './texts.ts'
import { cssVariables, theme } from './theme.ts'

/** A session that is over shows the door, wherever one is; behind it is the same page as before. */
function onError(error: unknown): void {
  if (hasEnded(error)) queryClient.setQueryData(['session'], null)
}

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: false },
    mutations: { retry: false },
  },
})

export function Console({ nonce }: { nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Door() {
  const { data: session, error } = useQuery({
    queryKey: ['session'],
    queryFn: findSession,
    staleTime: 60_000,
  })
  if (error) return <Problem error={error} />
  if (session === undefined) {
    return (
      <Center h="100vh">
        <Loader aria-label={texts.loading} />
      </Center>
    )
  }
  if (session === null || location.hash.startsWith('#sign-in=')) return <SignIn />
  return (
    <SessionContext value={session}>
      <RouterProvider router={router} />
    </SessionContext>
  )
}

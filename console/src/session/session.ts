// Who is signed in, for every page.
import { createContext, use } from 'react'
import type { Session } from '../hub.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('Nobody is signed in here.')
  return session
}

/** Whether who is signed in may do what needs this scope. */
export function useMay(scope: string): boolean {
  return useSession().scopes.includes(scope)
}

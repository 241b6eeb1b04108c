// Who is signed in, for every page.
import { createContext, use } from 'react'
import type { Session } from '../hub.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('Nobody is signed in here.')
  return session
}

/** Whether who is signed in may do what concerns the installation and all accounts. */
export function useIsOperator(): boolean {
  const { scopes, is_bound } = useSession()
  return scopes.includes('operator') && !is_bound
}

/** Whether who is signed in may do what needs this scope. */
export function useMay(scope: string): boolean {
  return useSession().scopes.includes(scope)
}

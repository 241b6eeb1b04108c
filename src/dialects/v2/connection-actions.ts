// What connections do, in v2: read the wire, call one verb, show the result.
import type { connectionActionRoutes } from '../../contract/v2/connection-actions.ts'
import type { Verification } from '../../hub/verification.ts'
import type { Handlers } from '../bind.ts'
import { readId } from '../numeric-id.ts'
import { healthView } from './connection-views.ts'

export function connectionActionHandlers(needs: {
  verification: Verification
}): Handlers<typeof connectionActionRoutes> {
  const { verification } = needs
  return {
    async verify({ params, callOutside }, caller) {
      const { shown, notices } = await callOutside(() => verification.verify(caller, readId(params.id)))
      const { id, health } = shown.connection
      return async () => ({ id, health: healthView(health), notices: [...notices] })
    },
    async checks({ params }, caller) {
      const id = readId(params.id)
      const checks = await verification.checks(caller, id)
      return {
        id,
        checks: checks.map(({ durationMs, ...check }) => ({ ...check, duration_ms: durationMs })),
      }
    },
  }
}

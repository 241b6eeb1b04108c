// Requests that were admitted and then refused: on record, so that a key that tries doors is seen.
import type { AuditByMinute } from './audit-by-minute.ts'
import type { Caller } from './caller.ts'
import type { ErrorCode } from './errors.ts'

/** What was asked: the name of the way in, never what was sent along. */
export type AskedRoute = { readonly method: string; readonly route: string }

export type Denials = {
  /** Repeats within a minute are counted on one record; what is refused for other reasons leaves none. */
  note(caller: Caller, asked: AskedRoute, code: ErrorCode): Promise<void>
}

/** The key may not do this, or nobody may. */
const denied: ReadonlySet<ErrorCode> = new Set(['forbidden', 'read_only'])

export function denials({ auditByMinute }: { auditByMinute: AuditByMinute }): Denials {
  return {
    async note(caller, { method, route }, code) {
      if (!denied.has(code)) return
      const subject = `route/${method} ${route}` as const
      await auditByMinute.note(caller, 'request.denied', [{ subject, data: { method, route, code } }])
    },
  }
}

// The audit trail in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type { AuditRecord as AuditRecordSchema, auditRoutes } from '../../contract/v2/audit.ts'
import type { AuditRecord, AuditTrail } from '../../hub/audit-trail.ts'
import { JsonText } from '../../hub/json-text.ts'
import type { Handlers } from '../bind.ts'
import { readAuditFilter } from './audit-filter.ts'
import { readWindow, windowView } from './cursor.ts'

type View = Static<typeof AuditRecordSchema>

export function auditHandlers(needs: {
  audit: Pick<AuditTrail, 'page' | 'export'>
  publicUrl: () => string
}): Handlers<typeof auditRoutes> {
  const { audit, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const filter = readAuditFilter(query)
      const window = await audit.page(caller, { filter, ...readWindow(query) })
      return windowView(window, `${publicUrl()}${path}`, query, auditView)
    },
    async export({ query }, caller) {
      return views(audit.export(caller, readAuditFilter(query)))
    },
  }
}

async function* views(parts: AsyncIterable<readonly AuditRecord[]>): AsyncGenerator<View[]> {
  for await (const records of parts) yield records.map(auditView)
}

export function auditView(record: AuditRecord): View {
  const { sequence, at, action, subject, key, address, requestId, times, data } = record
  return {
    id: sequence,
    at,
    action,
    subject,
    key,
    address,
    request_id: requestId,
    times,
    data: new JsonText(data),
  }
}

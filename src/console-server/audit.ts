// The audit trail at the console: verified some records at a time, so that others are answered in between.
import { Type } from 'typebox'
import type { auditCheckRoutes } from '../contract/console-audit.ts'
import type { Handlers } from '../dialects/bind.ts'
import type { AuditVerification } from '../hub/audit-verify.ts'
import { readRest } from './rest.ts'

const verifiedAtOnce = 5_000

const number = Type.Integer({ minimum: 0 })
const soFar = Type.Object({ sequence: number, link: Type.String(), last: number, lastLink: Type.String() })

export function auditCheckHandlers({
  auditVerification,
}: {
  auditVerification: AuditVerification
}): Handlers<typeof auditCheckRoutes> {
  return {
    async verify({ body }, { accountId }) {
      const { rest } = await body()
      const from = rest === undefined ? undefined : await readRest(soFar, rest)
      const found = await auditVerification.verify(accountId, from, verifiedAtOnce)
      const { verified, older, broken } = found
      return {
        verified,
        older,
        broken: broken?.sequence ?? null,
        why: broken?.why ?? null,
        rest: found.rest && JSON.stringify(found.rest),
      }
    },
  }
}

// Duties on the audit trail.
import { Type } from 'typebox'
import { invalidField } from '../hub/errors.ts'
import { parseTimestamp } from '../hub/timestamp.ts'
import { defineDuty } from './duty.ts'

/** An answer is one piece of JSON, so a trail of any length takes several. */
const recordsAtOnce = 2_000

/** Enough to be quick, few enough for a server to answer others in between. */
const verifiedAtOnce = 5_000

const sequence = Type.Integer({ minimum: 0 })
/** 0 is the installation. */
const account = Type.Integer({ minimum: 0 })

/** The first part is asked for without `rest`, which puts the export on record; each part brings the next one's. */
export const exportAudit = defineDuty(
  Type.Object({
    account,
    since: Type.Optional(Type.String()),
    rest: Type.Optional(Type.Object({ after: sequence, last: sequence })),
  }),
  async (hub, { account, since: text, rest }) => {
    if (account !== 0) await hub.accounts.get(account)
    const caller = hub.callerFor(account)
    const since = text === undefined ? undefined : parseTimestamp(text)
    if (text !== undefined && since === undefined) {
      throw invalidField('since', 'Give a time in UTC, such as 2027-01-31T00:00:00Z.')
    }
    const filter = since === undefined ? {} : { since }
    const part = rest ?? (await hub.audit.beginExport(caller, filter))
    return hub.audit.exportPart(caller, filter, part, recordsAtOnce)
  },
)

/** The first part is asked for without `rest`; each part brings the next one's. */
export const verifyAudit = defineDuty(
  Type.Object({
    account,
    rest: Type.Optional(
      Type.Object({ sequence, link: Type.String(), last: sequence, lastLink: Type.String() }),
    ),
  }),
  async (hub, { account, rest }) => {
    if (account !== 0) await hub.accounts.get(account)
    return hub.auditVerification.verify(account, rest, verifiedAtOnce)
  },
)

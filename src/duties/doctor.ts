// Duties that look at a store and change nothing.
import { Type } from 'typebox'
import { defineDuty } from './duty.ts'

/** What opens the store, which keys there are, and the latest time that it knows. */
export const examine = defineDuty(Type.Object({}), async (hub) => {
  const accounts = await hub.accounts.list()
  const oldDataKeys: Array<{ id: string; account: number; needed: number }> = []
  for (const { id: account } of accounts) {
    for (const { id, isCurrent, values, answers } of await hub.dataRotation.list(account)) {
      if (!isCurrent) oldDataKeys.push({ id, account, needed: values + answers })
    }
  }
  return {
    slots: await hub.keySlots.list(),
    root_keys: await hub.rootRotation.list(),
    old_data_keys: oldDataKeys,
    accounts: accounts.map(({ id }) => id),
    unsafe_settings: await hub.unsafeSettings(),
    latest: await hub.latestRecord(accounts.map(({ id }) => id)),
  }
})

const cursor = Type.Object({
  table: Type.Union([
    Type.Literal('connection_secrets'),
    Type.Literal('previous_secrets'),
    Type.Literal('webhook_secrets'),
  ]),
  row: Type.String(),
  field: Type.String(),
})

/** The first part is asked for without `rest`; each part brings the next one's. */
export const verifyValues = defineDuty(
  Type.Object({ account: Type.Integer({ minimum: 1 }), rest: Type.Optional(cursor) }),
  (hub, { account, rest }) => hub.valueVerification.verify(account, rest),
)

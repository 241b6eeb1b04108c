// Duties on accounts.
import { Type } from 'typebox'
import type { Hub } from '../app.ts'
import type { NewAccount } from '../hub/accounts.ts'
import { defineDuty, importedNumber } from './duty.ts'

const text = Type.String({ minLength: 1, maxLength: 255 })
const identity = Type.Object(
  {
    name: Type.Optional(text),
    email: Type.Optional(text),
    recipient: Type.Optional(text),
    addressLine1: Type.Optional(text),
    addressLine2: Type.Optional(text),
    zipCode: Type.Optional(text),
    city: Type.Optional(text),
  },
  { additionalProperties: false },
)

/** Makes the account, its Web App Integration and its first key. */
export const createAccount = defineDuty(
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    id: Type.Optional(importedNumber),
    identity: Type.Optional(identity),
  }),
  (hub, { identity, ...given }) =>
    makeAccount(hub, { ...given, ...(identity && { identity: defined(identity) }) }),
)

/** @returns the key's text too: it is in no other answer */
export async function makeAccount(hub: Hub, given: NewAccount) {
  const { account, made } = await hub.accounts.createWithKey(null, given)
  return { id: account.id, name: account.name, api_key: made.text }
}

export const listAccounts = defineDuty(Type.Object({}), async (hub) => {
  const accounts = await hub.accounts.list()
  return { accounts: accounts.map(({ id, name, created_at }) => ({ id, name, created_at })) }
})

const one = Type.Object({ id: Type.Integer({ minimum: 1 }) })

export const planAccountRemoval = defineDuty(one, (hub, { id }) => hub.accounts.removal.plan(id))

export const deleteAccount = defineDuty(one, async (hub, { id }) => {
  await hub.accounts.removal.remove(null, id)
  return { id, deleted: true }
})

/** Of one that is deleted, some rows; again and again until it is done. */
export const removeAccountRows = defineDuty(one, (hub, { id }) => hub.accounts.removal.removeRows(id))

/** Without the members that are there but undefined. */
function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>
  }
}

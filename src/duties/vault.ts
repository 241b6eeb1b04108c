// Duties on the vault: its slots, its keys and their rotation.
import { type Static, Type } from 'typebox'
import type { Hub } from '../app.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import { type GivenSlotSecret, newSlotSecret } from '../hub/given-secrets.ts'
import { defineDuty } from './duty.ts'

const secret = Type.Object({
  kind: Type.Union([Type.Literal('key'), Type.Literal('recovery'), Type.Literal('passphrase')]),
  /** The key in base64, the code or the passphrase; where a recovery code is made, nothing. */
  text: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
})

export const listSlots = defineDuty(Type.Object({}), async (hub) => ({ slots: await hub.keySlots.list() }))

/** The text of a recovery code that was made is in no other answer. */
export const addSlot = defineDuty(secret, async (hub, input) => {
  const { secret, made } = newSlotSecret(given(input))
  const slot = await hub.keySlots.add(secret)
  return { slot, ...(made !== undefined && { recovery_code: made }) }
})

export const testSlot = defineDuty(secret, async (hub, input) => {
  if (input.text === undefined) throw invalidField('text', 'There is nothing to test.')
  const { secret } = newSlotSecret(given(input))
  const slot = await hub.keySlots.test(secret)
  if (!slot) throw new HubError('not_found', `${capital(secret.from)} opens no slot of this store.`)
  return { slot }
})

export const removeSlot = defineDuty(Type.Object({ id: Type.String() }), async (hub, { id }) => ({
  slot: await hub.keySlots.remove(id),
}))

export const listVaultKeys = defineDuty(
  Type.Object({ account: Type.Optional(Type.Integer({ minimum: 1 })) }),
  async (hub, { account }) => {
    const ids = account === undefined ? (await hub.accounts.list()).map(({ id }) => id) : [account]
    if (account !== undefined) await hub.accounts.get(account)
    const dataKeys = []
    for (const id of ids) dataKeys.push(...(await hub.dataRotation.list(id)))
    return { root_keys: await hub.rootRotation.list(), data_keys: dataKeys }
  },
)

/** A root key or a data key, which nothing needs. */
export const dropKey = defineDuty(Type.Object({ id: Type.String() }), async (hub, { id }) => {
  const isRootKey = (await hub.rootRotation.list()).some((key) => key.id === id)
  if (isRootKey) await hub.rootRotation.drop(id)
  else if ((await hub.dataRotation.drop(id)) === undefined) {
    throw new HubError('not_found', `There is no key ${id}. See: mortise vault keys`)
  }
  return { id, dropped: true }
})

export const planRootRotation = defineDuty(Type.Object({}), (hub) => hub.rootRotation.plan())
export const beginRootRotation = defineDuty(Type.Object({}), (hub) => hub.rootRotation.begin())
export const stepRootRotation = defineDuty(
  Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
  (hub, { after }) => hub.rootRotation.step(after),
)

const oneOrAll = Type.Object({ account: Type.Optional(Type.Integer({ minimum: 1 })) })

export const planDataRotation = defineDuty(oneOrAll, (hub, { account }) => hub.dataRotation.plan(account))

/** @returns what is to be done, which is then done account by account */
export const beginDataRotation = defineDuty(oneOrAll, async (hub, { account }) => {
  const plan = await hub.dataRotation.plan(account)
  if (account === undefined) await hub.dataRotation.beginAll()
  return plan
})

export const stepDataRotation = defineDuty(
  Type.Object({
    account: Type.Integer({ minimum: 1 }),
    rest: Type.Optional(
      Type.Object({
        table: Type.Union([
          Type.Literal('connection_secrets'),
          Type.Literal('previous_secrets'),
          Type.Literal('webhook_secrets'),
        ]),
        row: Type.String(),
        field: Type.String(),
        resealed: Type.Integer({ minimum: 0 }),
        damaged: Type.Integer({ minimum: 0 }),
      }),
    ),
  }),
  (hub, { account, rest }) => hub.dataRotation.step(account, rest),
)

export const endDataRotation = defineDuty(Type.Object({}), async (hub: Hub) => {
  await hub.dataRotation.endAll()
  return {}
})

function given({ kind, text, from }: Static<typeof secret>): GivenSlotSecret {
  return { kind, ...(text !== undefined && { text }), ...(from !== undefined && { from }) }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

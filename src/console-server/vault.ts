// The vault at the console, for operators: ask the verb, show the result.
import { Type } from 'typebox'
import type { vaultRoutes } from '../contract/console-operators.ts'
import type { Handlers } from '../dialects/bind.ts'
import { type DataRotation, type RotationCursor, rotatedTables } from '../hub/data-rotation.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import { newSlotSecret } from '../hub/given-secrets.ts'
import type { KeySlot, KeySlots } from '../hub/key-slots.ts'
import type { RootRotation } from '../hub/root-rotation.ts'
import { readRest } from './rest.ts'

export function vaultHandlers(needs: {
  keySlots: KeySlots
  rootRotation: RootRotation
  dataRotation: DataRotation
}): Handlers<typeof vaultRoutes> {
  const { keySlots, rootRotation, dataRotation } = needs
  return {
    async show(_input, { accountId }) {
      const slots = await keySlots.list()
      const rootKeys = await rootRotation.list()
      const dataKeys = await dataRotation.list(accountId)
      const rootPlan = await rootRotation.plan()
      const dataPlan = await dataRotation.plan(accountId)
      return {
        slots: slots.map(slotView),
        root_keys: rootKeys.map(({ id, createdAt, isCurrent, wraps }) => ({
          id,
          created_at: createdAt,
          is_current: isCurrent,
          wraps,
        })),
        data_keys: dataKeys.map(({ id, createdAt, isCurrent, values, answers }) => ({
          id,
          created_at: createdAt,
          is_current: isCurrent,
          values,
          answers,
        })),
        root_plan: { is_resumed: rootPlan.isResumed, wraps: rootPlan.wraps, slots: rootPlan.slots },
        data_plan: {
          is_resumed: dataPlan.isResumed,
          values: dataPlan.accounts.reduce((sum, { values }) => sum + values, 0),
        },
      }
    },
    async addSlot({ body }, caller) {
      const { secret, made } = newSlotSecret(await body())
      return { slot: slotView(await keySlots.add(secret, caller)), recovery_code: made ?? null }
    },
    async testSlot({ body }) {
      const { kind, text } = await body()
      const { secret } = newSlotSecret({ kind, text })
      const slot = await keySlots.test(secret)
      if (!slot) throw invalidField('text', 'This opens no slot of this store.')
      return slotView(slot)
    },
    async removeSlot({ params: { id } }, caller) {
      await keySlots.remove(id, caller)
    },
    async beginRootRotation(_input, caller) {
      const { rootKeyId, isResumed } = await rootRotation.begin(caller)
      return { root_key: rootKeyId, is_resumed: isResumed }
    },
    stepRootRotation: async ({ body }) => rootRotation.step((await body()).after),
    async stepDataRotation({ body }, { accountId }) {
      const { rest } = await body()
      const part = await dataRotation.step(
        accountId,
        rest === undefined ? undefined : await readRest(cursor, rest),
      )
      return { ...part, rest: part.rest && JSON.stringify(part.rest) }
    },
    async dropKey({ params: { id } }, caller) {
      const isRootKey = (await rootRotation.list()).some((key) => key.id === id)
      if (isRootKey) await rootRotation.drop(id, caller)
      else if ((await dataRotation.drop(id, caller)) === undefined) {
        throw new HubError('not_found', `There is no key ${id}.`)
      }
    },
  }
}

const cursor = Type.Object({
  table: Type.Unsafe<RotationCursor['table']>({ type: 'string', enum: [...rotatedTables] }),
  row: Type.String(),
  field: Type.String(),
  resealed: Type.Integer({ minimum: 0 }),
  damaged: Type.Integer({ minimum: 0 }),
})

function slotView({ id, kind, fingerprint, createdAt, isInUse, isGenuine }: KeySlot) {
  return {
    id,
    kind,
    fingerprint,
    created_at: createdAt,
    is_in_use: isInUse,
    is_genuine: isGenuine,
  }
}

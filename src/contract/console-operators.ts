// What the console asks beside the routes of v2: for operators: the vault, and what is in force. No part of the API.
import { type Static, Type } from 'typebox'
import { defineRoutes } from './route.ts'
import { Time } from './types.ts'

const Slot = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  fingerprint: Type.String(),
  created_at: Time(),
  /** What the process that answers has opened the store with. */
  is_in_use: Type.Boolean(),
  is_genuine: Type.Boolean(),
})

const Vault = Type.Object({
  slots: Type.Array(Slot),
  root_keys: Type.Array(
    Type.Object({ id: Type.String(), created_at: Time(), is_current: Type.Boolean(), wraps: Type.Integer() }),
  ),
  /** Of the account that is looked at. */
  data_keys: Type.Array(
    Type.Object({
      id: Type.String(),
      created_at: Time(),
      is_current: Type.Boolean(),
      values: Type.Integer(),
      answers: Type.Integer(),
    }),
  ),
  /** What a rotation would do, or has left to do. */
  root_plan: Type.Object({ is_resumed: Type.Boolean(), wraps: Type.Integer(), slots: Type.Integer() }),
  data_plan: Type.Object({ is_resumed: Type.Boolean(), values: Type.Integer() }),
})

const secretText = Type.String({ maxLength: 1_000 })
const NewSlot = Type.Object(
  {
    kind: Type.Union([Type.Literal('recovery'), Type.Literal('passphrase')]),
    text: Type.Optional(secretText),
  },
  { additionalProperties: false },
)
const SlotTest = Type.Object(
  {
    kind: Type.Union([Type.Literal('key'), Type.Literal('recovery'), Type.Literal('passphrase')]),
    text: secretText,
  },
  { additionalProperties: false },
)

/** For operators of the installation: no key that is bound to one integration, whatever its scopes. */
const operators = { scope: 'operator', codedErrors: true, boundKeys: 'refused' } as const

export const vaultRoutes = defineRoutes({
  show: {
    ...operators,
    method: 'GET',
    path: '/v2/vault/',
    summary: 'What opens the store, and its keys',
    reply: { status: 200, description: 'As it is now.', schema: Vault },
  },
  addSlot: {
    ...operators,
    method: 'POST',
    path: '/v2/vault/slots/',
    summary: 'Add what opens the store',
    body: NewSlot,
    reply: {
      status: 201,
      description: 'The slot; a code that was made is in no other answer.',
      schema: Type.Object({
        slot: Slot,
        recovery_code: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      }),
    },
  },
  testSlot: {
    ...operators,
    method: 'POST',
    path: '/v2/vault/slots/test/',
    summary: 'Find the slot that a secret opens',
    body: SlotTest,
    reply: { status: 200, description: 'The slot.', schema: Slot },
  },
  removeSlot: {
    ...operators,
    method: 'DELETE',
    path: '/v2/vault/slots/:id/',
    summary: 'Remove what opens the store',
    reply: { status: 204, description: 'It opens the store no more.' },
  },
  beginRootRotation: {
    ...operators,
    method: 'POST',
    path: '/v2/vault/root-rotation/',
    summary: 'Make a new root key',
    reply: {
      status: 200,
      description: 'The key that is moved to.',
      schema: Type.Object({ root_key: Type.String(), is_resumed: Type.Boolean() }),
    },
  },
  stepRootRotation: {
    ...operators,
    method: 'POST',
    path: '/v2/vault/root-rotation/steps/',
    summary: 'Wrap some keys anew',
    body: Type.Object(
      { after: Type.Optional(Type.Integer({ minimum: 0 })) },
      { additionalProperties: false },
    ),
    reply: {
      status: 200,
      description: 'How many, and where to go on; null where it is done.',
      schema: Type.Object({
        rewrapped: Type.Integer(),
        rest: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
      }),
    },
  },
  stepDataRotation: {
    ...operators,
    method: 'POST',
    path: '/v2/vault/data-rotation/steps/',
    summary: 'Seal some values of this account anew',
    body: Type.Object(
      { rest: Type.Optional(Type.String({ maxLength: 1_000 })) },
      { additionalProperties: false },
    ),
    reply: {
      status: 200,
      description: 'How many so far, and where to go on; null where it is done.',
      schema: Type.Object({
        resealed: Type.Integer(),
        damaged: Type.Integer(),
        rest: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      }),
    },
  },
  dropKey: {
    ...operators,
    method: 'DELETE',
    path: '/v2/vault/keys/:id/',
    summary: 'Drop a key that nothing needs',
    reply: { status: 204, description: 'It is gone.' },
  },
})

const Setting = Type.Object({
  name: Type.String(),
  value: Type.String(),
  /** What sets it. */
  variable: Type.String(),
})
export type ShownSetting = Static<typeof Setting>

export const settingsRoutes = defineRoutes({
  settings: {
    ...operators,
    method: 'GET',
    path: '/v2/settings/',
    summary: 'What this installation is set to',
    reply: {
      status: 200,
      description: 'What is in force; no secret is among it.',
      schema: Type.Object({
        version: Type.String(),
        settings: Type.Array(Setting),
      }),
    },
  },
})

// Duties on API keys.
import { type Static, Type } from 'typebox'
import type { Hub } from '../app.ts'
import type { ApiKey } from '../hub/api-key.ts'
import type { NewApiKey } from '../hub/api-keys.ts'
import { accountScopes, type Caller, scopes } from '../hub/caller.ts'
import { invalidField } from '../hub/errors.ts'
import { parseTimestamp } from '../hub/timestamp.ts'
import { defineDuty } from './duty.ts'

const account = Type.Integer({ minimum: 1 })
const newKey = Type.Object({
  account,
  name: Type.String({ minLength: 1, maxLength: 255 }),
  scopes: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  expires: Type.Optional(Type.String()),
  integration: Type.Optional(Type.String()),
})

export const createKey = defineDuty(newKey, async (hub, input) => {
  const { key, text } = await hub.apiKeys.create(await callerFor(hub, input.account), newKeyFrom(input))
  return { ...shown(key, input.integration), api_key: text }
})

export const importKey = defineDuty(
  Type.Object({ ...newKey.properties, text: Type.String() }),
  async (hub, { text, ...input }) => {
    const key = await hub.apiKeys.import(await callerFor(hub, input.account), newKeyFrom(input), text)
    return shown(key, input.integration)
  },
)

export const listKeys = defineDuty(Type.Object({ account }), async (hub, input) => {
  const caller = await callerFor(hub, input.account)
  const keys = await hub.apiKeys.list(caller)
  const integrationIds = await hub.integrations.idsByUid(caller)
  return {
    keys: keys.map((key) => ({
      id: key.uid,
      name: key.name,
      prefix: key.prefix,
      last_four: key.lastFour,
      scopes: key.scopes,
      integration: key.integrationUid && (integrationIds.get(key.integrationUid) ?? '(deleted)'),
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      revoked_at: key.revokedAt,
      last_used_at: key.lastUsedAt,
    })),
  }
})

export const revokeKey = defineDuty(Type.Object({ account, id: Type.String() }), async (hub, input) => {
  await hub.apiKeys.revoke(await callerFor(hub, input.account), input.id)
  return { id: input.id, revoked: true }
})

function shown({ uid, name, scopes, expiresAt }: ApiKey, integration: string | undefined) {
  return { id: uid, name, scopes, integration: integration ?? null, expires_at: expiresAt }
}

/** The person at the command line, within an account that there is. */
async function callerFor(hub: Hub, accountId: number): Promise<Caller> {
  await hub.accounts.get(accountId)
  return hub.callerFor(accountId)
}

function newKeyFrom(input: Static<typeof newKey>): NewApiKey {
  const unknown = input.scopes?.filter((scope) => !(scopes as readonly string[]).includes(scope)) ?? []
  if (unknown.length > 0) {
    throw invalidField('scopes', `There is no scope ${unknown.join(', ')}. Known: ${scopes.join(' ')}.`)
  }
  const expiresAt = input.expires === undefined ? undefined : parseTimestamp(input.expires)
  if (input.expires !== undefined && expiresAt === undefined) {
    throw invalidField('expires', 'Give a time in UTC, such as 2027-01-31T00:00:00Z.')
  }
  return {
    name: input.name,
    scopes: input.scopes ? scopes.filter((scope) => input.scopes?.includes(scope)) : accountScopes,
    ...(expiresAt && { expiresAt }),
    ...(input.integration !== undefined && { integrationId: input.integration }),
  }
}

// Duties on API keys.
import { type Static, Type } from 'typebox'
import type { Hub } from '../app.ts'
import { type ApiKeyNow, graceSecondsDefault, graceSecondsMax } from '../hub/api-key.ts'
import type { NewApiKey } from '../hub/api-keys.ts'
import { accountScopes, type Caller, scopes } from '../hub/caller.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import { shownIntegration } from '../hub/key-changes.ts'
import { readRule, writtenRules } from '../hub/proxy-limits.ts'
import { rulesMax } from '../hub/proxy-rule.ts'
import { parseTimestamp } from '../hub/timestamp.ts'
import { defineDuty } from './duty.ts'

const account = Type.Integer({ minimum: 1 })
const id = Type.String()
const newKey = Type.Object({
  account,
  name: Type.String({ minLength: 1, maxLength: 255 }),
  scopes: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  expires: Type.Optional(Type.String()),
  integration: Type.Optional(Type.String()),
  addresses: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 50 })),
  proxy: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: rulesMax })),
})

export const createKey = defineDuty(newKey, async (hub, input) => {
  const caller = await callerFor(hub, input.account)
  const { key, text } = await naming(input, hub.apiKeys.create(caller, newKeyFrom(input)))
  return { ...shown(key), api_key: text }
})

export const importKey = defineDuty(
  Type.Object({ ...newKey.properties, text: Type.String() }),
  async (hub, { text, ...input }) => {
    const caller = await callerFor(hub, input.account)
    const key = await naming(input, hub.apiKeys.import(caller, newKeyFrom(input), text))
    return shown(key)
  },
)

export const listKeys = defineDuty(Type.Object({ account }), async (hub, input) => {
  const keys = await hub.apiKeys.list(await callerFor(hub, input.account))
  return {
    keys: keys.map((key) => ({
      id: key.uid,
      name: key.name,
      state: key.state,
      prefix: key.prefix,
      last_four: key.lastFour,
      scopes: key.scopes,
      integration: shownIntegration(key),
      addresses: key.addresses,
      proxy: key.proxy && writtenRules(key.proxy),
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      revoked_at: key.revokedAt,
      last_used_at: key.lastUsedAt,
    })),
  }
})

export const rollKey = defineDuty(
  Type.Object({
    account,
    id,
    grace: Type.Optional(Type.Integer({ minimum: 0, maximum: graceSecondsMax })),
  }),
  async (hub, { account, id, grace = graceSecondsDefault }) => {
    const caller = await callerFor(hub, account)
    const { key, text } = await naming({ id }, hub.apiKeys.roll(caller, id, { graceMs: grace * 1_000 }))
    const old = await hub.apiKeys.get(caller, id)
    return { ...shown(key), api_key: text, old_key: { id, revoked_at: old.revokedAt } }
  },
)

/** Without rules, its limits are taken away. */
export const limitKey = defineDuty(
  Type.Object({ account, id, proxy: newKey.properties.proxy }),
  async (hub, { account, id, proxy }) => {
    const caller = await callerFor(hub, account)
    const change = { proxy: proxy ? proxy.map(readRule) : null }
    return shown(await naming({ id }, hub.apiKeys.change(caller, id, change)))
  },
)

export const revokeKey = defineDuty(Type.Object({ account, id }), async (hub, { account, id }) => {
  await naming({ id }, hub.apiKeys.revoke(await callerFor(hub, account), id))
  return { id, revoked: true }
})

function shown(key: ApiKeyNow) {
  const { uid, name, scopes, addresses, expiresAt } = key
  const proxy = key.proxy && writtenRules(key.proxy)
  const integration = shownIntegration(key)
  return { id: uid, name, scopes, integration, addresses, proxy, expires_at: expiresAt }
}

/** The person at the command line, within an account that there is. */
async function callerFor(hub: Hub, accountId: number): Promise<Caller> {
  await hub.accounts.get(accountId)
  return hub.callerFor(accountId)
}

/** Says what it is that is not there, to the person who typed its id. */
async function naming<Result>(
  given: { id?: string; integration?: string },
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    if (error.code === 'not_found') {
      throw new HubError(
        'not_found',
        `There is no key ${given.id} in this account, or it is revoked already.`,
      )
    }
    if (!error.details.fields?.has('integration')) throw error
    throw invalidField('integration', `There is no integration "${given.integration}".`)
  }
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
    ...(input.addresses && { addresses: input.addresses }),
    ...(input.proxy && { proxy: input.proxy.map(readRule) }),
  }
}

// API keys in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type {
  ApiKey as ApiKeySchema,
  ApiKeyWithText,
  apiKeyRoutes,
  NewApiKey,
} from '../../contract/v2/api-keys.ts'
import { type ApiKeyNow, graceSecondsDefault, type KeyState, keyStates } from '../../hub/api-key.ts'
import type { ApiKeyOperations, MadeKey } from '../../hub/api-keys.ts'
import { invalidField } from '../../hub/errors.ts'
import { type Asked, shownIntegration } from '../../hub/key-changes.ts'
import { parseTimestamp, type Timestamp } from '../../hub/timestamp.ts'
import type { Handlers } from '../bind.ts'
import type { Query } from '../url-encoded.ts'
import { pageView, readPage } from './paging.ts'
import { readSingle } from './parameters.ts'

export function apiKeyHandlers(needs: {
  apiKeys: ApiKeyOperations
  publicUrl: () => string
}): Handlers<typeof apiKeyRoutes> {
  const { apiKeys, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const state = readState(query)
      const page = await apiKeys.page(caller, { ...readPage(query), ...(state && { state }) })
      return pageView(page, `${publicUrl()}${path}`, query, apiKeyView)
    },
    async create({ body }, caller) {
      const { name, ...asked } = await body()
      const given = { name, ...askedFrom(asked) }
      return async ({ apiKeys }) => madeKeyView(await apiKeys.create(caller, given))
    },
    async current(_asked, caller) {
      return apiKeyView(await apiKeys.current(caller))
    },
    async retrieve({ params }, caller) {
      return apiKeyView(await apiKeys.get(caller, params.id))
    },
    async change({ params, body }, caller) {
      await apiKeys.getChangeable(caller, params.id)
      const { name, ...asked } = await body()
      const given = { ...(name !== undefined && { name }), ...askedFrom(asked) }
      return async ({ apiKeys }) => apiKeyView(await apiKeys.change(caller, params.id, given))
    },
    async roll({ params, body }, caller) {
      await apiKeys.getChangeable(caller, params.id)
      const { grace_seconds = graceSecondsDefault } = await body()
      const graceMs = grace_seconds * 1_000
      return async ({ apiKeys }) => madeKeyView(await apiKeys.roll(caller, params.id, { graceMs }))
    },
    async remove({ params }, caller) {
      await apiKeys.revoke(caller, params.id)
    },
  }
}

export function madeKeyView({ key, text }: MadeKey): Static<typeof ApiKeyWithText> {
  return { ...apiKeyView(key), key: text }
}

export function apiKeyView(key: ApiKeyNow): Static<typeof ApiKeySchema> {
  return {
    id: key.uid,
    name: key.name,
    prefix: key.prefix,
    last_four: key.lastFour,
    scopes: [...key.scopes],
    integration: shownIntegration(key),
    addresses: key.addresses && [...key.addresses],
    proxy: key.proxy,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    last_used_at: key.lastUsedAt,
    state: key.state,
  }
}

/** Only what is given. */
function askedFrom(body: Omit<Partial<Static<typeof NewApiKey>>, 'name'>): Asked {
  const { scopes, integration, addresses, proxy, expires_at } = body
  return {
    ...(scopes !== undefined && { scopes }),
    ...(integration !== undefined && { integrationId: integration }),
    ...(addresses !== undefined && { addresses }),
    ...(proxy !== undefined && { proxy }),
    ...(expires_at !== undefined && { expiresAt: expires_at === null ? null : timeFrom(expires_at) }),
  }
}

function timeFrom(text: string): Timestamp {
  const time = parseTimestamp(text)
  if (time === undefined) throw new Error('The body was not judged by its schema.')
  return time
}

function readState(query: Query): KeyState | undefined {
  const text = readSingle(query, 'state')
  const state = keyStates.find((known) => known === text)
  if (text !== undefined && state === undefined) {
    throw invalidField('state', `Give one of ${keyStates.join(', ')}.`)
  }
  return state
}

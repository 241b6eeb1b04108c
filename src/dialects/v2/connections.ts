// Connections in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import { secretNames } from '../../catalogue/define.ts'
import type { ChangedConnection, connectionRoutes, NewConnection } from '../../contract/v2/connections.ts'
import { type ConnectionChange, type ConnectionFilter, healthStatuses } from '../../hub/connection.ts'
import type { ConnectionOperations } from '../../hub/connections.ts'
import type { CredentialOperations } from '../../hub/credentials.ts'
import { invalidField } from '../../hub/errors.ts'
import { type JsonText, membersOf } from '../../hub/json-text.ts'
import type { MaskedConnection } from '../../hub/masked-connections.ts'
import type { StagedVerification } from '../../hub/staged-verification.ts'
import type { Handlers } from '../bind.ts'
import { readId } from '../numeric-id.ts'
import type { Query } from '../url-encoded.ts'
import { connectionView } from './connection-views.ts'
import { pageView, readPage } from './paging.ts'
import { readChoice, readSingle } from './parameters.ts'

export function connectionHandlers(needs: {
  connections: ConnectionOperations
  credentials: CredentialOperations
  stagedVerification: StagedVerification
  publicUrl: () => string
}): Handlers<typeof connectionRoutes> {
  const { connections, credentials, stagedVerification, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const filter = readFilter(query, (filter) => connections.providersOf(filter))
      const page = await connections.page(caller, { filter, ...readPage(query) })
      return pageView(page, `${publicUrl()}${path}`, query, connectionView)
    },
    async create({ body, query, callOutside }, caller) {
      const isVerified = readFlag(query, 'verify')
      const { provider, title, ...given } = await body()
      const { fields = new Map<string, JsonText>(), ...more } = changeFrom(given)
      const verdict = isVerified
        ? await callOutside(() => stagedVerification.ofNew({ provider, fields }))
        : undefined
      const made = { provider, title, fields, ...more, ...(verdict && { verdict }) }
      return async ({ connections }) => changedView(await connections.create(caller, made))
    },
    async retrieve({ params }, caller) {
      return connectionView(await connections.get(caller, readId(params.id)))
    },
    async replace({ params, body, query }, caller) {
      const id = readId(params.id)
      const isVerified = readFlag(query, 'verify')
      await connections.get(caller, id)
      const { title, ...more } = await body()
      const change = changeFrom(more)
      const verified = isVerified
        ? await stagedVerification.ofChange(caller, id, change, { isWhole: true })
        : undefined
      const given = { title, ...change, ...(verified && { verified }) }
      return changedView(await connections.replace(caller, id, given))
    },
    async change({ params, body, query, callOutside }, caller) {
      const id = readId(params.id)
      const isVerified = readFlag(query, 'verify')
      await connections.get(caller, id)
      const change = changeFrom(await body())
      const verified = isVerified
        ? await callOutside(() => stagedVerification.ofChange(caller, id, change, { isWhole: false }))
        : undefined
      const given = { ...change, ...(verified && { verified }) }
      return async ({ connections }) => changedView(await connections.change(caller, id, given))
    },
    async remove({ params, query }, caller) {
      await connections.remove(caller, readId(params.id), { force: readFlag(query, 'force') })
    },
    async reveal({ params }, caller) {
      const { connection, provider, secrets } = await credentials.reveal(caller, readId(params.id))
      const names = secretNames(provider)
      return {
        id: connection.id,
        secrets: Object.fromEntries(names.map((name) => [name, secrets.get(name)?.reveal() ?? null])),
      }
    },
    async previous({ params }, caller) {
      const id = readId(params.id)
      const previous = await credentials.previous(caller, id)
      const shown = [...previous].map(([field, { hint, replacedAt, expiresAt }]) => [
        field,
        { hint, replaced_at: replacedAt, restorable_until: expiresAt },
      ])
      return { id, secrets: Object.fromEntries(shown) }
    },
    async restore({ params, body }, caller) {
      const id = readId(params.id)
      await connections.get(caller, id)
      const { fields } = await body()
      return async ({ credentials }) => changedView(await credentials.restore(caller, id, fields))
    },
    async usage({ params }, caller) {
      const id = readId(params.id)
      const uses = await credentials.usage(caller, id)
      return {
        id,
        last_used_at: uses[0]?.lastUsedAt ?? null,
        times: uses.reduce((sum, { times }) => sum + times, 0),
        keys: uses.map(({ keyUid, keyName, lastUsedAt, times }) => ({
          key: keyUid,
          name: keyName,
          last_used_at: lastUsedAt,
          times,
        })),
      }
    },
  }
}

type Given = Partial<Static<typeof NewConnection>>

/** Only what is given. */
function changeFrom({ provider, title, use_cloudfront, fields, metadata }: Given): ConnectionChange {
  return {
    ...(provider !== undefined && { provider }),
    ...(title !== undefined && { title }),
    ...(use_cloudfront !== undefined && { useCloudfront: use_cloudfront }),
    ...(fields !== undefined && { fields: membersOf(fields.text) }),
    ...(metadata !== undefined && { metadata }),
  }
}

/** @param providersOf the names of the providers of a kind; undefined for a kind that there is not */
function readFilter(
  query: Query,
  providersOf: (filter: { provider?: string; integrationType?: string }) => readonly string[],
): ConnectionFilter {
  const provider = readSingle(query, 'provider')
  const integrationType = readSingle(query, 'integration_type')
  const status = readChoice(query, 'health', healthStatuses)
  const title = readSingle(query, 'q')
  const narrowing = {
    ...(provider !== undefined && { provider }),
    ...(integrationType !== undefined && { integrationType }),
  }
  return {
    ...(Object.keys(narrowing).length > 0 && { providers: providersOf(narrowing) }),
    ...(status !== undefined && { health: status }),
    ...(title !== undefined && { title }),
  }
}

function readFlag(query: Query, name: string): boolean {
  const value = readSingle(query, name)
  if (value !== undefined && value !== 'true' && value !== 'false') {
    throw invalidField(name, 'Give true or false.')
  }
  return value === 'true'
}

function changedView(masked: MaskedConnection): Static<typeof ChangedConnection> {
  return { ...connectionView(masked), warnings: [...masked.warnings] }
}

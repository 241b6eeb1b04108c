// Duties on connections.
import { Type } from 'typebox'
import type { NewConnection } from '../hub/connection.ts'
import { doubtsAbout } from '../hub/connection-fields.ts'
import { invalidField } from '../hub/errors.ts'
import { compactJson, type JsonText, jsonKind, membersOf } from '../hub/json-text.ts'
import { parseTimestamp, type Timestamp } from '../hub/timestamp.ts'
import { defineDuty, importedNumber } from './duty.ts'

const account = Type.Integer({ minimum: 1 })

export const createConnection = defineDuty(
  Type.Object({
    account,
    integration: Type.String(),
    provider: Type.String(),
    title: Type.String({ minLength: 1, maxLength: 255 }),
    useCloudfront: Type.Optional(Type.Boolean()),
    /** A JSON object as text, so that members keep their order. */
    fields: Type.String(),
    id: Type.Optional(importedNumber),
    createdAt: Type.Optional(Type.String()),
    updatedAt: Type.Optional(Type.String()),
  }),
  async (hub, input) => {
    await hub.accounts.get(input.account)
    const given: NewConnection = {
      integrationId: input.integration,
      provider: input.provider,
      title: input.title,
      fields: readFields(input.fields),
      ...(input.useCloudfront !== undefined && { useCloudfront: input.useCloudfront }),
      ...(input.id !== undefined && { id: input.id }),
      ...(input.createdAt !== undefined && { createdAt: readTime('created-at', input.createdAt) }),
      ...(input.updatedAt !== undefined && { updatedAt: readTime('updated-at', input.updatedAt) }),
    }
    const { connection, provider } = await hub.connections.create(hub.callerFor(input.account), given)
    const warnings = doubtsAbout(provider, given.fields)
    return { id: connection.id, provider: connection.provider, title: connection.title, warnings }
  },
)

export const deleteConnection = defineDuty(
  Type.Object({ account, id: Type.Integer({ minimum: 1 }), force: Type.Optional(Type.Boolean()) }),
  async (hub, { account, id, force = false }) => {
    await hub.accounts.get(account)
    await hub.connections.remove(hub.callerFor(account), id, { force })
    return { id, deleted: true }
  },
)

export const listConnections = defineDuty(Type.Object({ account }), async (hub, input) => {
  await hub.accounts.get(input.account)
  const caller = hub.callerFor(input.account)
  const connections = await hub.connections.listPlain(caller)
  const integrationIds = await hub.integrations.idsByUid(caller)
  return {
    connections: connections.map((connection) => ({
      id: connection.id,
      integration: integrationIds.get(connection.integrationUid),
      provider: connection.provider,
      title: connection.title,
      created_at: connection.createdAt,
    })),
  }
})

/** The text may hold secrets: no message repeats any of it. */
function readFields(text: string): Map<string, JsonText> {
  try {
    JSON.parse(text)
    const json = compactJson(text)
    if (jsonKind(json.text) === 'object') return membersOf(json.text)
  } catch {
    // Said below, in words that do not quote what may be a secret.
  }
  throw invalidField('fields', 'Give the fields as a JSON object. Their names: mortise providers <name>.')
}

function readTime(name: string, text: string): Timestamp {
  const time = parseTimestamp(text)
  if (!time) throw invalidField(name, 'Give a time in UTC, such as 2017-04-25T22:00:47.047560Z.')
  return time
}

// Connections for tests: made through the hub, with a value of its own in every field.
import assert from 'node:assert/strict'
import { createCatalogue } from '../../src/catalogue/index.ts'
import { JsonText } from '../../src/hub/json-text.ts'
import { parseTimestamp, type Timestamp } from '../../src/hub/timestamp.ts'
import type { TestApi } from './api.ts'

export type SampleConnection = {
  provider: string
  title?: string
  integrationId?: string
  id?: number
  useCloudfront?: boolean
  createdAt?: string
  updatedAt?: string
  fields?: Readonly<Record<string, unknown>>
}

export async function newConnection(
  { hub }: Pick<TestApi, 'hub'>,
  accountId: number,
  given: SampleConnection,
): Promise<{ id: number; uid: string }> {
  const { provider, title = 'a connection', integrationId = '1', fields = {}, ...more } = given
  const { id, useCloudfront, createdAt, updatedAt } = more
  const { connection } = await hub.connections.create(hub.callerFor(accountId), {
    integrationId,
    provider,
    title,
    fields: new Map(
      Object.entries(fields).map(([name, value]) => [name, new JsonText(JSON.stringify(value))]),
    ),
    ...(id !== undefined && { id }),
    ...(useCloudfront !== undefined && { useCloudfront }),
    ...(createdAt !== undefined && { createdAt: timestamp(createdAt) }),
    ...(updatedAt !== undefined && { updatedAt: timestamp(updatedAt) }),
  })
  return connection
}

/** A value for every field that a caller may give, each like no other where the field takes any text. */
export function canariesOf(providerName: string): Record<string, unknown> {
  const provider = createCatalogue().find(providerName)
  assert.ok(provider, `there is no provider ${providerName}`)
  const given = Object.entries(provider.fields).filter(
    ([, field]) => field.kind !== 'status' && field.kind !== 'token',
  )
  return Object.fromEntries(
    given.map(([name, field]) => {
      const canary = `canary-${providerName}-${name}`.replaceAll('_', '-')
      if (field.kind === 'object') return [name, { zebra: canary, ant: 1 }]
      return [name, field.oneOf?.[0] ?? (field.isOrigin ? `https://${canary}.example` : canary)]
    }),
  )
}

export function timestamp(text: string): Timestamp {
  const read = parseTimestamp(text)
  assert.ok(read, `${text} is no time`)
  return read
}

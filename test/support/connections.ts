// What the tests of connections share: an account that acts as its integration 1, samples of every provider, looks into the store.
import assert from 'node:assert/strict'
import { type Field, type Provider, shownFields } from '../../src/catalogue/define.ts'
import { createCatalogue } from '../../src/catalogue/index.ts'
import { type Clock, later, type Timestamp } from '../../src/hub/timestamp.ts'
import { type Answer, call, type TestApi } from './api.ts'
import { canariesOf, timestamp } from './sample-connections.ts'
import { asObject, startV2, textOf, type V2 } from './v2.ts'

export const connectionsPath = '/v2/connections/'
export const at = (id: number, action = '') => `${connectionsPath}${id}/${action === '' ? '' : `${action}/`}`

export const catalogue: readonly Provider[] = createCatalogue().providers

export type Member = Record<string, unknown>

/** As `V2`, but acting as integration 1 unless the headers say otherwise. */
export type Connections = V2 & {
  /** Makes one; `title` and other members may be among what is given. */
  make(provider: string, fields: Member, given?: Member): Promise<number>
  get(id: number): Promise<Member>
  /** Sends a change that has to be accepted. */
  change(method: 'PATCH' | 'PUT', id: number, body: unknown): Promise<Member>
  reveal(id: number): Promise<Member>
  v1(id: number, key?: string): Promise<Member>
}

export async function startConnections(options: Parameters<typeof startV2>[0] = {}): Promise<Connections> {
  const v2 = await startV2(options)
  const send: V2['send'] = (method, path, body, headers = {}) =>
    v2.send(method, path, body, { 'integration-id': '1', ...headers })
  const got = async (status: number, answer: Promise<Answer>) => {
    const { body, text, ...more } = await answer
    assert.equal(more.status, status, text)
    return asObject(body)
  }
  return {
    ...v2,
    send,
    sendText: (method, path, text, contentType = 'application/json') =>
      send(method, path, text, { 'content-type': contentType }),
    async make(provider, fields, given = {}) {
      const body = { provider, title: 'a connection', fields, ...given }
      return numberOf((await got(201, send('POST', connectionsPath, body))).id)
    },
    get: (id) => got(200, send('GET', at(id))),
    change: (method, id, body) => got(200, send(method, at(id), body)),
    async reveal(id) {
      return asObject((await got(200, send('POST', at(id, 'reveal')))).secrets)
    },
    v1: (id, key = v2.account.key) =>
      got(200, call(v2.api.address, 'GET', `/api/v1/integrations/${id}`, { key })),
  }
}

/** A clock that stands still until it is moved. */
export function movableClock(start = '2026-05-01T10:00:00.000000Z') {
  let time: Timestamp = timestamp(start)
  const now: Clock = () => time
  return {
    now,
    set(text: string) {
      time = timestamp(text)
    },
    move(ms: number) {
      time = later(time, ms)
    },
  }
}

export const hoursMs = 3_600_000
export const daysMs = 24 * hoursMs

export function fieldsOf(name: string): Array<[name: string, field: Field]> {
  const provider = catalogue.find((known) => known.name === name)
  assert.ok(provider, `there is no provider ${name}`)
  return shownFields(provider)
}

export const secretNamesOf = (provider: string): string[] =>
  fieldsOf(provider).flatMap(([name, { isSecret }]) => (isSecret ? [name] : []))

/** A text for each secret field, like nothing else, with signs that spellings differ in. */
export function secretsFor(provider: string, mark = ''): Record<string, string> {
  return Object.fromEntries(
    secretNamesOf(provider).map((name) => [name, `CANARY${mark}-${provider}.${name}-"+/9fQ~z\\3 &x`]),
  )
}

/** A value for every field that may be given, with those secrets. */
export const fieldsFor = (provider: string, mark = ''): Member => ({
  ...canariesOf(provider),
  ...secretsFor(provider, mark),
})

/** The sealed column of every secret of a connection, by field. */
export function sealedOf(api: TestApi, id: number, accountId: number): Promise<Record<string, string>> {
  return sealedIn(api, 'connection_secrets', id, accountId)
}

/** The same of what is kept of earlier secrets. */
export function previousSealedOf(
  api: TestApi,
  id: number,
  accountId: number,
): Promise<Record<string, string>> {
  return sealedIn(api, 'previous_secrets', id, accountId)
}

async function sealedIn(
  { db }: TestApi,
  table: 'connection_secrets' | 'previous_secrets',
  id: number,
  accountId: number,
) {
  const rows = await db
    .selectFrom(table)
    .innerJoin('connections', (join) =>
      join
        .onRef('connections.account_id', '=', `${table}.account_id`)
        .onRef('connections.uid', '=', `${table}.connection_uid`),
    )
    .select([`${table}.field as field`, `${table}.sealed as sealed`])
    .where('connections.account_id', '=', accountId)
    .where('connections.id', '=', id)
    .orderBy('field')
    .execute()
  return Object.fromEntries(rows.map(({ field, sealed }) => [field, sealed]))
}

/** All rows of the tables that hold connections, as text: the same text means that nothing changed. */
export async function everythingOf({ db }: TestApi): Promise<string> {
  const tables = ['connections', 'connection_secrets', 'previous_secrets', 'connection_uses'] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  return JSON.stringify(rows)
}

export function numberOf(value: unknown): number {
  assert.ok(typeof value === 'number', `a number: ${value}`)
  return value
}

export function listOfTexts(value: unknown): string[] {
  assert.ok(Array.isArray(value))
  return value.map(textOf)
}

/** What answers show of a connection's secrets, by field. */
export function secretViews(connection: Member): Record<string, Member> {
  return Object.fromEntries(
    Object.entries(asObject(connection.secrets)).map(([name, view]) => [name, asObject(view)]),
  )
}

export const statusOf = ({ health }: Member): unknown => asObject(health).status

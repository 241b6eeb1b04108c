// Events and webhooks: deliveries a second, how soon one arrives, and what they add to a change.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { createHub, type Hub } from '../src/app.ts'
import type { Caller } from '../src/hub/caller.ts'
import { integrationOperations } from '../src/hub/integrations.ts'
import { systemClock } from '../src/hub/timestamp.ts'
import { risingUids } from '../src/hub/uid.ts'
import { parseAllowed } from '../src/outbound/allowed.ts'
import { type Db, transact } from '../src/storage/database.ts'
import { openStore } from '../src/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { startReceiver } from './servers.ts'

const sizes = { deliveries: 20_000, timed: 200, changes: 2_000, waiting: 1_000_000 }
const rounds = 5

type Bench = { hub: Hub; db: Db; receiver: string; plain: Pick<Hub['integrations'], 'create'> }

/** In one process, on a store in a folder of its own; the receiver is another one. */
export async function webhookRates(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-webhooks-'))
  const secrets = { masterKey: undefined, masterKeyFile: undefined }
  const store = await openStore({ dataDir: join(folder, 'data'), keyDir: folder }, secrets, {
    mayCreate: true,
  })
  const receiver = await startReceiver()
  try {
    const { db, keyRing } = store
    const entry = parseAllowed(new URL(receiver.origin).host)
    if (!entry) throw new Error('The receiver has no address.')
    const hub = createHub({ db, keyRing, rateLimits: { key: 0, account: 0 }, egress: { allow: [entry] } })
    const plain = integrationOperations({
      db,
      now: systemClock,
      newUid: risingUids(Date.now),
      forgetKeys: () => undefined,
      vault: createVault(keyRing),
      // What an earlier version did: the same record, and nothing told.
      record: (db, caller, at, ...entries) =>
        hub.auditLog.record(db, caller, at, ...entries.map((entry) => ({ ...entry, events: [] }))),
    })
    const bench = { hub, db, receiver: receiver.origin, plain }
    return [
      '## Events and webhooks\n',
      '|  | measured | spread |',
      '| --- | ---: | ---: |',
      ...(await costs(bench)),
      ...(await rates(bench)),
      '',
    ].join('\n')
  } finally {
    await receiver.stop()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a change costs without HTTP, fifty at a time as they come from a server's clients. */
async function costs({ hub, db, receiver, plain }: Bench): Promise<string[]> {
  await hub.accounts.create({ id: 1, name: 'without webhooks' })
  await hub.accounts.create({ id: 2, name: 'with one' })
  await hub.accounts.create({ id: 3, name: 'with very many waiting' })
  const [without, withOne, withMany] = [1, 2, 3].map((id) => hub.callerFor(id))
  if (!without || !withOne || !withMany) throw new Error('There are three.')
  for (const caller of [withOne, withMany]) await hook(hub, caller, `${receiver}/`)
  await fillWaiting(db, withMany)
  const contenders: Record<string, () => Promise<number>> = {
    'a create that tells nothing': () => create(plain, without),
    'with its event': () => create(hub.integrations, without),
    'with its event and a delivery': () => create(hub.integrations, withOne),
    [`the same, while ${sizes.waiting.toLocaleString('en')} deliveries wait`]: () =>
      create(hub.integrations, withMany),
  }
  const times = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const us = await run()
      // The first round warms up.
      if (round > 0) times.get(name)?.push(us / sizes.changes)
    }
  }
  const base = times.get('a create that tells nothing') ?? []
  return [...times].map(([name, all]) => {
    const ratios = all.map((time, at) => time / (base[at] ?? 1))
    return `| ${name}, processor time | ${middle(all).toFixed(0)} µs, ${middle(ratios).toFixed(2)} | ${spread(all)} |`
  })
}

/** @returns processor time, in microseconds: what else the machine does says little about it */
async function create(operations: Pick<Hub['integrations'], 'create'>, caller: Caller): Promise<number> {
  const begun = process.cpuUsage()
  for (let at = 0; at < sizes.changes; at += 50) {
    await Promise.all(Array.from({ length: 50 }, () => operations.create(caller, sample)))
  }
  const { user, system } = process.cpuUsage(begun)
  return user + system
}

async function hook(hub: Hub, caller: Caller, url: string): Promise<string> {
  const acting = await hub.integrations.actAs(caller, '1')
  return (await hub.webhooks.create(acting, { url, events: ['integration.*'] })).webhook.uid
}

/** By SQL: deliveries whose time is far off. */
function fillWaiting(db: Db, { accountId }: Caller): Promise<void> {
  return transact(db, accountId, async (db) => {
    const rows = sql`
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sizes.waiting})
      insert into deliveries (account_id, webhook_uid, sequence, status, due_at, tries, attempts, created_at)
      select ${accountId}, (select uid from webhooks where account_id = ${accountId}), -n, 'pending',
        '2099-01-01T00:00:00.000000Z', 1, '[]', '2026-01-01T00:00:00.000000Z' from numbers`
    await rows.execute(db)
  })
}

async function rates({ hub, db, receiver }: Bench): Promise<string[]> {
  await hub.accounts.create({ id: 4, name: 'delivers' })
  const caller = hub.callerFor(4)
  await hub.deliveries.start()
  await hub.deliveries.settled()
  await told(receiver)
  const lines: string[] = []
  for (const webhooks of [1, 8]) {
    const { id } = await hub.accounts.create({ id: 10 + webhooks, name: 'backlog' })
    const own = hub.callerFor(id)
    const acting = await hub.integrations.actAs(own, '1')
    const uids: string[] = []
    for (let n = 0; n < webhooks; n++) {
      const uid = await hook(hub, own, `${receiver}/`)
      await hub.webhooks.change(acting, uid, { isDisabled: true })
      uids.push(uid)
    }
    for (let at = 0; at < sizes.deliveries / webhooks; at += 50) {
      await Promise.all(Array.from({ length: 50 }, () => hub.integrations.create(own, sample)))
    }
    const measured: number[] = []
    for (let round = 0; round < rounds; round++) {
      // All are begun anew while nobody delivers, so that making them is not measured.
      await beginAll(db, id)
      for (const uid of uids) await hub.webhooks.change(acting, uid, { isDisabled: false })
      await told(receiver)
      const begun = Date.now()
      await hub.deliveries.look()
      await hub.deliveries.settled()
      const { count, lastMs } = await told(receiver)
      measured.push((count / (lastMs - begun)) * 1_000)
      for (const uid of uids) await hub.webhooks.change(acting, uid, { isDisabled: true })
    }
    const name = webhooks === 1 ? 'to one webhook' : `to ${webhooks} webhooks`
    lines.push(`| deliveries ${name} | ${middle(measured).toFixed(0)} a second | ${spread(measured)} |`)
  }
  await hook(hub, caller, `${receiver}/timed`)
  await wait(200)
  await told(receiver)
  for (let n = 0; n < sizes.timed; n++) {
    await hub.integrations.create(caller, sample)
    await wait(20)
  }
  await hub.deliveries.settled()
  const { delaysMs } = await told(receiver)
  lines.push(`| from a change to its arrival, when idle | ${middle(delaysMs)} ms | ${spread(delaysMs)} |`)
  await hub.deliveries.stop()
  return lines
}

const sample = {
  name: 'Pinestreet Tech',
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  addressLine1: 'Malmvägen 8',
  zipCode: '14171',
  city: 'Segeltorp',
}

async function beginAll(db: Db, accountId: number): Promise<void> {
  await transact(db, accountId, async (db) => {
    await sql`
      insert into deliveries (account_id, webhook_uid, sequence, status, due_at, tries, attempts, created_at)
      select e.account_id, w.uid, e.sequence, 'pending', e.at, 0, '[]', e.at from events e
      join webhooks w on w.account_id = e.account_id
      where e.account_id = ${accountId} and e.type = 'integration.created'
      on conflict do update set status = 'pending', due_at = excluded.due_at, tries = 0, attempts = '[]'`.execute(
      db,
    )
  })
}

type Told = { count: number; lastMs: number; delaysMs: number[] }

/** What came since this was last asked. */
async function told(receiver: string): Promise<Told> {
  return (await (await fetch(receiver)).json()) as Told
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${(sorted[0] ?? 0).toFixed(0)} to ${(sorted.at(-1) ?? 0).toFixed(0)}`
}

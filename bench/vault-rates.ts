// How many values a rotation seals anew in a second, and how many audit records are verified.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub, type Hub } from '../src/app.ts'
import type { AuditEntry } from '../src/hub/audit.ts'
import type { VerifiedSoFar } from '../src/hub/audit-verify.ts'
import type { RotationCursor } from '../src/hub/data-rotation.ts'
import { JsonText } from '../src/hub/json-text.ts'
import { systemClock } from '../src/hub/timestamp.ts'
import { type Db, transact } from '../src/storage/database.ts'
import { openStore } from '../src/store.ts'

const sizes = { values: 20_000, records: 200_000 }
const rounds = 5

/** In one process, on a store in a folder of its own, every batch on disk before the next. */
export async function vaultRates(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-vault-'))
  const secrets = { masterKey: undefined, masterKeyFile: undefined }
  const store = await openStore({ dataDir: join(folder, 'data'), keyDir: folder }, secrets, {
    mayCreate: true,
  })
  try {
    const hub = createHub({ db: store.db, keyRing: store.keyRing, rateLimits: { key: 0, account: 0 } })
    await hub.accounts.create({ id: 1, name: 'bench' })
    await fill(hub, store.db)
    const lines: string[] = []
    for (const [name, run] of Object.entries({ 'values sealed anew': rotate, 'records verified': verify })) {
      const rates: number[] = []
      const busy: number[] = []
      for (let round = 0; round < rounds; round++) {
        const [begun, before] = [performance.now(), process.cpuUsage()]
        const done = await run(hub)
        const { user, system } = process.cpuUsage(before)
        busy.push(done / ((user + system) / 1_000_000))
        rates.push((done / (performance.now() - begun)) * 1_000)
      }
      const [low, middle, high] = [0, rounds >> 1, rounds - 1].map((at) =>
        Math.round(rates.toSorted((a, b) => a - b)[at] ?? 0),
      )
      const ofProcessor = Math.round(busy.toSorted((a, b) => a - b)[rounds >> 1] ?? 0)
      lines.push(`| ${name} | ${middle} | ${low} to ${high} | ${ofProcessor} |`)
    }
    return [
      '## Rotation and verification\n',
      '|  | a second | spread | a second of processor time |',
      '| --- | ---: | ---: | ---: |',
      ...lines,
      '',
    ].join('\n')
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(hub: Hub, db: Db): Promise<void> {
  const caller = hub.callerFor(1)
  const fields = new Map([['secret_access_key', new JsonText(`"${'a1'.repeat(20)}"`)]])
  const given = { integrationId: '1', provider: 'amazon', title: 'bench', fields }
  for (let at = 0; at < sizes.values; at += 500) {
    await Promise.all(Array.from({ length: 500 }, () => hub.connections.create(caller, given)))
  }
  const entry: AuditEntry = {
    action: 'integration.changed',
    subject: 'integration/x',
    data: { id: 'x', changed: ['name'] },
    events: [],
  }
  const some = Array.from({ length: 5_000 }, () => entry)
  for (let at = 0; at < sizes.records; at += some.length) {
    await transact(db, 1, (db) => hub.auditLog.record(db, caller, systemClock(), ...some))
  }
}

async function rotate(hub: Hub): Promise<number> {
  let rest: RotationCursor | undefined
  for (;;) {
    const part = await hub.dataRotation.step(1, rest)
    if (!part.rest) return part.resealed
    rest = part.rest
  }
}

async function verify(hub: Hub): Promise<number> {
  let rest: VerifiedSoFar | undefined
  let sum = 0
  for (;;) {
    const part = await hub.auditVerification.verify(1, rest, 5_000)
    if (part.broken) throw new Error(`Record ${part.broken.sequence}: ${part.broken.why}`)
    sum += part.verified
    if (!part.rest) return sum
    rest = part.rest
  }
}

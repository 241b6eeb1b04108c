// The store's file: how it is opened, brought up to date, refused, and what happens when there is no room.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { HubError } from '../../src/hub/errors.ts'
import { type Db, StoreRefused, transact } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { migrations } from '../../src/storage/migrations/index.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { openStore } from '../../src/store.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'
import { snapshot } from '../support/command-line.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-store-'))
  file = join(folder, 'mortise.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const secrets = { masterKey: newMasterKey('test'), masterKeyFile: undefined }
const open = (mayCreate = true) =>
  openStore({ dataDir: folder, keyDir: join(folder, '..', 'none') }, secrets, { mayCreate })

async function withDb(work: (db: Db) => Promise<void>): Promise<void> {
  const db = openSqlite(file)
  try {
    await work(db)
  } finally {
    await db.destroy()
  }
}

/** Pragmas as the writer sees them: raw statements are writes. */
async function writerPragma(db: Db, name: string): Promise<unknown> {
  const { rows } = await sql.raw<Record<string, unknown>>(`PRAGMA ${name}`).execute(db)
  return Object.values(rows[0] ?? {})[0]
}

/** And as the reader sees them: what is selected is read. */
async function readerPragma(db: Db, name: string): Promise<unknown> {
  const rows = await db
    .selectFrom(sql<Record<string, unknown>>`${sql.raw(`pragma_${name}`)}`.as('p'))
    .selectAll()
    .execute()
  return Object.values(rows[0] ?? {})[0]
}

describe('opening', () => {
  test('both handles have a write-ahead log and foreign keys; the writer syncs fully and deletes securely', async () => {
    await withDb(async (db) => {
      assert.equal(await writerPragma(db, 'journal_mode'), 'wal')
      assert.equal(await writerPragma(db, 'synchronous'), 2)
      assert.equal(await writerPragma(db, 'foreign_keys'), 1)
      assert.equal(await writerPragma(db, 'secure_delete'), 1)
      assert.equal(await readerPragma(db, 'journal_mode'), 'wal')
      assert.equal(await readerPragma(db, 'foreign_keys'), 1)
    })
  })

  test('files are for their owner alone, whatever the process allows others', async () => {
    const umask = process.umask(0)
    try {
      await withDb(async (db) => {
        await migrate(db)
        for (const name of [file, `${file}-wal`, `${file}-shm`]) {
          assert.equal(statSync(name).mode & 0o777, 0o600, name)
        }
      })
    } finally {
      process.umask(umask)
    }
  })

  test('what was deleted is not in the files any more', async () => {
    const canary = 'CANARY'.repeat(30)
    await withDb(async (db) => {
      await migrate(db)
      await db.insertInto('store').values({ name: 'n', value: canary }).execute()
    })
    assert.ok(fileHolds(canary), 'it was there')
    await withDb(async (db) => {
      await db.deleteFrom('store').where('name', '=', 'n').execute()
    })
    assert.ok(!fileHolds(canary))
  })

  test('a reference to a row that there is not is refused', async () => {
    await withDb(async (db) => {
      await migrate(db)
      const row = { account_id: 9, id: 'k', wrapped: 'w', created_at: '2026-01-01T00:00:00.000000Z' }
      await assert.rejects(
        sql`insert into data_keys ${sql.raw('(account_id, id, wrapped, created_at)')}
        values (${row.account_id}, ${row.id}, ${row.wrapped}, ${row.created_at})`.execute(db),
      )
    })
  })
})

function fileHolds(text: string): boolean {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  return statSync(file).size > 0 && readFileSync(file).includes(text)
}

describe('bringing up to date', () => {
  test('happens once; a second time changes nothing', async () => {
    const names = Object.keys(migrations)
    await withDb(async (db) => {
      assert.deepEqual((await migrate(db)).applied, names)
      assert.deepEqual((await migrate(db)).applied, [])
    })
    const before = snapshot(folder)
    await withDb(async (db) => assert.deepEqual((await migrate(db)).applied, []))
    assert.deepEqual(snapshot(folder), before)
  })

  test('a store that a newer version has migrated is refused by name, and unchanged', async () => {
    await (await open()).close()
    const raw = new DatabaseSync(file)
    raw.exec("INSERT INTO kysely_migration VALUES ('9999-from-the-future', '2099-01-01T00:00:00.000Z')")
    raw.close()
    const before = snapshot(folder)
    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof StoreRefused)
      assert.match(error.message, /newer/)
      assert.match(error.message, /9999-from-the-future/)
      return true
    })
    assert.deepEqual(snapshot(folder), before)
  })

  for (const [name, bytes] of [
    ['random bytes', () => randomBytes(50_000)],
    ['text', () => Buffer.from('no database\n'.repeat(500))],
    ['a database whose pages are damaged', () => damagedDatabase()],
  ] as const) {
    test(`a file of ${name} is refused and unchanged`, async () => {
      writeFileSync(file, bytes(), { mode: 0o600 })
      const before = snapshot(folder)['mortise.db']
      await assert.rejects(open(), StoreRefused)
      assert.equal(snapshot(folder)['mortise.db'], before)
    })
  }
})

/** A database of ours with its first pages overwritten, all but the header that makes it one. */
function damagedDatabase(): Buffer {
  const path = join(folder, 'whole.db')
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE store (name TEXT PRIMARY KEY, value TEXT NOT NULL)')
  db.close()
  const bytes = readFileSync(path)
  rmSync(path)
  bytes.fill(0xff, 100, 4_096)
  return bytes
}

describe('without room', () => {
  test('writes answer storage_full, reads go on, and what was acknowledged is what is there', async () => {
    await withDb(async (db) => {
      await migrate(db)
      const pages = Number(await writerPragma(db, 'page_count'))
      await writerPragma(db, `max_page_count=${pages + 4}`)
      const put = (name: string, size: number) =>
        transact(db, 'all accounts', (db) =>
          db
            .insertInto('store')
            .values({ name, value: 'x'.repeat(size) })
            .execute(),
        )
      const names = Array.from({ length: 40 }, (_, at) => `row-${at}`)
      const outcomes = await Promise.allSettled(
        names.map((name, at) => put(name, at % 4 === 3 ? 100_000 : 10)),
      )
      const rejected = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.ok(rejected.length >= 10)
      for (const { reason } of rejected) {
        assert.ok(reason instanceof HubError, String(reason))
        assert.equal(reason.code, 'storage_full')
      }
      const told = names.filter((_, at) => outcomes[at]?.status === 'fulfilled')
      const rows = await db.selectFrom('store').select('name').execute()
      assert.deepEqual(rows.map(({ name }) => name).sort(), told.sort())

      await writerPragma(db, 'max_page_count=1000000')
      await put('there is room', 100_000)
      assert.equal((await db.selectFrom('store').select('name').execute()).length, told.length + 1)
      assert.equal(await writerPragma(db, 'integrity_check'), 'ok')
    })
  })
})

test('a database of another application is refused, and left as it is', async () => {
  const other = new DatabaseSync(file)
  other.exec('CREATE TABLE songs (title TEXT)')
  other.close()
  await assert.rejects(
    open(),
    (error) => error instanceof StoreRefused && /belongs to something else/.test(error.message),
  )
  const reader = new DatabaseSync(file, { readOnly: true })
  const tables = reader.prepare('SELECT name FROM sqlite_schema').all()
  reader.close()
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['songs'],
  )
})

// Compares counts and deep pages, which walk tallies, with the naive query.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { integrationTypes } from '../../src/hub/integration.ts'
import { transact } from '../../src/storage/database.ts'
import { integrationsOf } from '../../src/storage/integrations.ts'
import { up } from '../../src/storage/migrations/0002-tallies.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { generated } from '../support/generated.ts'

let api: TestApi
let accountId: number
before(async () => {
  api = await startApi()
  accountId = (await api.hub.accounts.create({ name: 'Tallied' })).id
})
after(() => api.close())

const fields = {
  name: 'n',
  email: 'a@example.com',
  recipient: 'r',
  addressLine1: 'a',
  zipCode: 'z',
  city: 'c',
}

/** Leaves a gap of positions, as many deletions or another type's rows would. */
async function skipPositions(count: number): Promise<void> {
  await api.db
    .updateTable('sequences')
    .set((eb) => ({ value: eb('value', '+', count) }))
    .where('account_id', '=', accountId)
    .where('name', '=', 'integrations')
    .execute()
}

async function naive(type: number | undefined): Promise<string[]> {
  const rows = await api.db
    .selectFrom('integrations')
    .select('id')
    .where('account_id', '=', accountId)
    .$if(type !== undefined, (query) => query.where('type', '=', type ?? 0))
    .orderBy('position')
    .execute()
  return rows.map(({ id }) => id)
}

async function expectSame(): Promise<void> {
  for (const type of [
    undefined,
    integrationTypes.webApp,
    integrationTypes.invoice,
    integrationTypes.custom,
  ]) {
    const expected = await naive(type)
    const integrations = integrationsOf(api.db, accountId)
    assert.equal(await integrations.count(type), expected.length)
    for (
      let offset = 0;
      offset <= expected.length + 1;
      offset += Math.max(1, Math.floor(expected.length / 7))
    ) {
      const window = await integrations.window(type, 5, offset)
      assert.deepEqual(
        window.map(({ id }) => id),
        expected.slice(offset, offset + 5),
      )
    }
  }
}

test('counts and pages are those of the naive query, whatever is added, removed and skipped', async () => {
  const caller = api.hub.callerFor(accountId)
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('create' as const), count: fc.integer({ min: 1, max: 20 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('freelancer' as const), count: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('remove' as const), count: fc.integer({ min: 0, max: 1_000 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('skip' as const),
        count: fc.constantFrom(1, 1_023, 1_024, 65_536, 5_000_000),
      }),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const { do: action, count } of steps) {
        if (action === 'skip') await skipPositions(count)
        else if (action === 'remove') {
          const ids = await naive(integrationTypes.custom)
          for (const id of ids.filter((_, at) => at % 3 === count % 3))
            await api.hub.integrations.remove(caller, id)
        } else {
          const operations = action === 'create' ? api.hub.integrations : api.hub.freelancers
          await Promise.all(Array.from({ length: count }, () => operations.create(caller, fields)))
        }
      }
      await expectSame()
    }),
    generated(15, 200),
  )
})

test('a change that is undone leaves the tallies alone', async () => {
  const before = await integrationsOf(api.db, accountId).count()
  const { id } = await api.hub.integrations.create(api.hub.callerFor(accountId), fields)
  await assert.rejects(
    transact(api.db, 'all accounts', async (db) => {
      const integration = await integrationsOf(db, accountId).find(id)
      await integrationsOf(db, accountId).remove(integration?.uid ?? '')
      throw new Error('undone')
    }),
  )
  await assert.rejects(api.hub.integrations.create(api.hub.callerFor(accountId), { ...fields, id }))
  assert.equal(await integrationsOf(api.db, accountId).count(), before + 1)
  await expectSame()
})

test('a store from before the tallies counts right after its migration', async () => {
  await api.db.schema.dropTable('tallies').execute()
  await up(api.db.withTables<Record<never, never>>() as unknown as Kysely<unknown>)
  await expectSame()
})

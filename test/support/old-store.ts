// A store as it was before there were slots: one master key, which wrapped the data keys itself.
import { createSecretKey, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { digestOf, newKeyText } from '../../src/hub/api-key.ts'
import type { Db } from '../../src/storage/database.ts'
import { migrations } from '../../src/storage/migrations/index.ts'
import { seal } from '../../src/vault/envelope.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'

const lastMigration = '0008-rate-limits'
const at = '2026-01-01T00:00:00.000000Z'
const [accountUid, connectionUid, storeId] = ['account-uid', 'connection-uid', 'store-uid']

/**
 * @param db opened, and empty
 * @returns an API key with all scopes, and the master key in base64; the secret is connection 1's `secret_key`
 */
export async function makeOldStore(db: Db, secret: string): Promise<{ key: string; masterKey: string }> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateTo(lastMigration)
  if (error) throw error
  const master = newMasterKey('the test')
  const insert = (table: string, row: Record<string, string | number>) =>
    sql`insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
      values (${sql.join(Object.values(row))})`.execute(db)
  const keyCheck = seal(master.key, master.fingerprint, Buffer.from(storeId), ['key-check', storeId])
  const facts = { store_id: storeId, key_fingerprint: master.fingerprint, key_check: keyCheck }
  for (const [name, value] of Object.entries(facts)) await insert('store', { name, value })
  await insert('accounts', { id: 1, uid: accountUid, name: 'Old', created_at: at })
  const [keyId, dataKey] = [randomBytes(8).toString('hex'), randomBytes(32)]
  const wrapped = seal(master.key, master.fingerprint, dataKey, ['data_keys', accountUid, keyId])
  await insert('data_keys', { account_id: 1, id: keyId, wrapped, created_at: at })
  await insert('integrations', {
    account_id: 1,
    uid: 'integration-uid',
    id: '1',
    position: 1,
    type: 1,
    name: 'Old',
    metadata: '{}',
    email: '',
    recipient: 'Old',
    address_line_1: '',
    zip_code: '',
    city: '',
    created_at: at,
    updated_at: at,
  })
  await insert('connections', {
    account_id: 1,
    id: 1,
    uid: connectionUid,
    integration_uid: 'integration-uid',
    provider: 'stripe',
    title: 't',
    use_cloudfront: 0,
    fields: '{"publishable_key":"pk"}',
    metadata: '{}',
    created_at: at,
    updated_at: at,
  })
  const place = ['connection_secrets', accountUid, connectionUid, 'secret_key']
  const sealed = seal(createSecretKey(dataKey), keyId, Buffer.from(secret), place)
  const value = { account_id: 1, connection_uid: connectionUid, field: 'secret_key', sealed, updated_at: at }
  await insert('connection_secrets', value)
  const { text, row } = oldApiKey()
  await insert('api_keys', row)
  const record = {
    at,
    action: 'account.created',
    subject: `account/${accountUid}`,
    times: 1,
    data: '{"id":1}',
  }
  await insert('audit', { account_id: 1, sequence: 1, ...record })
  await insert('sequences', { account_id: 1, name: 'audit', value: 1 })
  return { key: text, masterKey: master.key.export().toString('base64') }
}

function oldApiKey() {
  const text = newKeyText()
  const row = {
    account_id: 1,
    uid: 'key-uid',
    digest: digestOf(text),
    prefix: text.slice(0, 8),
    last_four: text.slice(-4),
    name: 'old',
    scopes: JSON.stringify(['integrations:read', 'connections:read', 'secrets:read']),
    created_at: at,
  }
  return { text, row }
}

// An index for what one key did: the first question after a key has got about.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('audit_key')
    .on('audit')
    .columns(['account_id', 'key_uid', 'sequence'])
    .execute()
}

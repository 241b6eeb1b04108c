// Queries on an account's freelancers, each read together with its Invoice Integration.
import type { Freelancer } from '../hub/freelancer.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { lastTaken, take } from './sequences.ts'
import { talliesOf } from './tallies.ts'

export function freelancersOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const tallies = talliesOf(db, accountId)
  const selected = () =>
    db
      .selectFrom('freelancers as f')
      .innerJoin('integrations as i', (join) =>
        join.onRef('i.account_id', '=', 'f.account_id').onRef('i.uid', '=', 'f.integration_uid'),
      )
      .where('f.account_id', '=', accountId)
      .select([
        'f.uid as uid',
        'f.id as id',
        'f.metadata as metadata',
        'f.integration_uid as integrationUid',
        'i.id as integrationId',
        'i.name as name',
        'i.email as email',
        'i.recipient as recipient',
        'i.address_line_1 as addressLine1',
        'i.address_line_2 as addressLine2',
        'i.zip_code as zipCode',
        'i.city as city',
      ])

  return {
    async find(id: string): Promise<Freelancer | undefined> {
      const row = await selected().where('f.id', '=', id).executeTakeFirst()
      return row && { ...row, metadata: new JsonText(row.metadata) }
    },

    async findByIntegration(uid: string): Promise<Freelancer | undefined> {
      const row = await selected().where('f.integration_uid', '=', uid).executeTakeFirst()
      return row && { ...row, metadata: new JsonText(row.metadata) }
    },

    count: (): Promise<number> => tallies.count('freelancers'),

    /** Oldest first. */
    async window(limit: number, offset: number): Promise<Freelancer[]> {
      const { position, skip } = await tallies.locate('freelancers', offset)
      const rows = await selected()
        .where('f.position', '>=', position)
        .orderBy('f.position')
        .limit(limit)
        .offset(skip)
        .execute()
      return rows.map((row) => ({ ...row, metadata: new JsonText(row.metadata) }))
    },

    /** @returns false where the id is taken */
    async insert(
      row: Pick<Freelancer, 'uid' | 'id' | 'integrationUid' | 'metadata'>,
      at: Timestamp,
    ): Promise<boolean> {
      await take(db, accountId, 'freelancers')
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('freelancers')
        .values({
          account_id: accountId,
          uid: row.uid,
          id: row.id,
          position: lastTaken(accountId, 'freelancers'),
          integration_uid: row.integrationUid,
          metadata: row.metadata.text,
          created_at: at,
          updated_at: at,
        })
        .onConflict((conflict) => conflict.columns(['account_id', 'id']).doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) return false
      await tallies.noteAdded(['freelancers'])
      return true
    },

    /** @throws UniqueViolation where a new id is taken */
    async update(uid: string, change: { id?: string; metadata?: JsonText; now: Timestamp }): Promise<void> {
      await db
        .updateTable('freelancers')
        .set({
          ...(change.id !== undefined && { id: change.id }),
          ...(change.metadata !== undefined && { metadata: change.metadata.text }),
          updated_at: change.now,
        })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
    },

    async remove(uid: string): Promise<void> {
      const removed = await db
        .deleteFrom('freelancers')
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .returning('position')
        .executeTakeFirst()
      if (removed) await tallies.noteRemoved(['freelancers'], removed.position)
    },
  }
}

// Deleting an account: shut, and its keys destroyed, in one transaction; its rows go afterwards, some at a time.
import { accountRowsOf } from '../storage/account-rows.ts'
import { type AccountRow, findAccount, listEmptying, markDeleted } from '../storage/accounts.ts'
import { apiKeysOf } from '../storage/api-keys.ts'
import { auditChainsOf } from '../storage/audit-chains.ts'
import { consoleSessionsOf } from '../storage/console-sessions.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import { type Db, hold, transact } from '../storage/database.ts'
import { deleteProgress } from '../storage/store-facts.ts'
import { webhooksOf } from '../storage/webhooks.ts'
import type { Vault } from '../vault/vault.ts'
import type { RecordAudit } from './audit.ts'
import { admittedCaller, type Caller, installationId, localCaller } from './caller.ts'
import { rotationOf } from './data-rotation.ts'
import { HubError } from './errors.ts'
import { type Clock, later } from './timestamp.ts'

/** Rows in one transaction: other writers come between. */
const rowsAtOnce = 500

/**
 * What was let in before may still write afterwards, also on another node: so long, rows that turn up are taken
 * away too. Requests end much sooner, and clocks of nodes differ by less.
 */
const lateWritersMs = 3_600_000

export type AccountRemoval = ReturnType<typeof accountRemoval>

export function accountRemoval(needs: {
  db: Db
  now: Clock
  vault: Vault
  record: RecordAudit
  forgetKeys(): void
}) {
  const { db, now, vault, record, forgetKeys } = needs

  async function living(db: Db, id: number): Promise<AccountRow> {
    const account = await findAccount(db, id)
    if (!account) throw new HubError('not_found', `There is no account ${id}.`)
    return account
  }

  /** @returns how many rows there were to take away; fewer than asked for when there are no more */
  function removeSome(id: number): Promise<number> {
    return transact(db, id, (db) => accountRowsOf(db, id).removeSome(rowsAtOnce))
  }

  return {
    /** What goes with it. */
    async plan(id: number): Promise<{ id: number; name: string; integrations: number; connections: number }> {
      const { name } = await living(db, id)
      const rows = accountRowsOf(db, id)
      return {
        id,
        name,
        integrations: await rows.count('integrations'),
        connections: await rows.count('connections'),
      }
    },

    /**
     * From here on its API keys are refused and nothing that was sealed for it opens, in no copy that is made
     * later. Its rows are taken away by `removeRows`, or by the next sweeps.
     * @param by the operator whose key it was asked with; null at the command line
     */
    async remove(by: Caller | null, id: number): Promise<void> {
      if (by?.accountId === id) {
        throw new HubError(
          'in_use',
          'The key of this request is of this account. Use one of another account, or: mortise accounts delete.',
        )
      }
      await transact(db, 'all accounts', async (db) => {
        // Rising, as everybody who holds several: nobody waits in a ring.
        const held = [installationId, id, ...(by ? [by.accountId] : [])].toSorted((a, b) => a - b)
        for (const account of held) await hold(db, account)
        const at = now()
        const { uid, name } = await living(db, id)
        await apiKeysOf(db, id).revoke('all', at)
        await consoleSessionsOf(db, id).removeAll()
        await dataKeysOf(db, id).destroy()
        await webhooksOf(db, id).removeAll()
        await auditChainsOf(db, id).remove()
        await deleteProgress(db, rotationOf(id))
        await markDeleted(db, id, at)
        const entry = { action: 'account.deleted', subject: `account/${uid}`, data: { id, name } } as const
        const operator = by ?? localCaller(installationId)
        await record(db, admittedCaller({ ...operator, accountId: installationId }), at, entry)
        if (by) await record(db, by, at, entry)
      })
      forgetKeys()
      vault.forget()
    },

    /** Of an account that is deleted, some rows. @returns whether that were all of them */
    async removeRows(id: number): Promise<{ removed: number; isDone: boolean }> {
      if (await findAccount(db, id)) throw new HubError('in_use', `The account ${id} is not deleted.`)
      const removed = await removeSome(id)
      return { removed, isDone: removed < rowsAtOnce }
    },

    /** Takes away what is left of accounts that were deleted. */
    async sweep(): Promise<void> {
      for (const id of await listEmptying(db, later(now(), -lateWritersMs))) {
        while ((await removeSome(id)) === rowsAtOnce);
      }
    },
  }
}

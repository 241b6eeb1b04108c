// The rules of accounts: one is made whole, with its data key and its Web App Integration, or not at all.
import {
  type AccountRow,
  findAccount,
  insertAccount,
  listAccounts,
  nextAccountId,
} from '../storage/accounts.ts'
import { type Db, transact, UniqueViolation } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import type { ApiKeyOperations } from './api-keys.ts'
import { record } from './audit.ts'
import { localCaller } from './caller.ts'
import { isEmail } from './email.ts'
import { HubError, invalidField } from './errors.ts'
import { type Identity, integrationTypes } from './integration.ts'
import { insertIntegration, newIntegration } from './integrations.ts'
import type { Clock } from './timestamp.ts'

export type NewAccount = {
  name: string
  /** For moving in from another system: the number its clients know the account by. */
  id?: number
  /** What its Web App Integration starts with; what is not known yet stays blank. */
  identity?: Partial<Identity>
}

/** Every account's first integration has this id. */
const webAppId = '1'

export type AccountOperations = ReturnType<typeof accountOperations>

export function accountOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  vault: Vault
  apiKeysOn(db: Db): Pick<ApiKeyOperations, 'create'>
}) {
  const { db, now, newUid, vault, apiKeysOn } = needs

  async function create(db: Db, { name, id, identity }: NewAccount): Promise<AccountRow> {
    if (identity?.email && !isEmail(identity.email))
      throw invalidField('email', 'Enter a valid email address.')
    const at = now()
    return transact(db, async (db) => {
      const account = { id: id ?? (await nextAccountId(db)), uid: newUid(), name, created_at: at }
      try {
        await insertAccount(db, account)
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error
        throw new HubError('id_taken', `There is an account ${account.id} already.`)
      }
      await vault.createDataKey(db, account, at)
      const given = { ...blankIdentity, name, recipient: name, ...identity, id: webAppId }
      await insertIntegration(db, account.id, newIntegration(given, integrationTypes.webApp, newUid, at))
      await record(db, localCaller(account.id), at, {
        action: 'account.created',
        subject: `account/${account.uid}`,
        data: { id: account.id, name },
      })
      return account
    })
  }

  return {
    create: (given: NewAccount): Promise<AccountRow> => create(db, given),

    /** With its first API key, whole or not at all; the key's text is in no other answer. */
    createWithKey(given: NewAccount): Promise<{ account: AccountRow; keyText: string }> {
      return transact(db, async (db) => {
        const account = await create(db, given)
        const { text } = await apiKeysOn(db).create(localCaller(account.id), { name: 'first key' })
        return { account, keyText: text }
      })
    },

    list: (): Promise<AccountRow[]> => listAccounts(db),

    async get(id: number): Promise<AccountRow> {
      const account = await findAccount(db, id)
      if (!account) throw new HubError('not_found', `There is no account ${id}.`)
      return account
    },
  }
}

const blankIdentity: Identity = {
  name: '',
  email: '',
  recipient: '',
  addressLine1: '',
  addressLine2: null,
  zipCode: '',
  city: '',
}

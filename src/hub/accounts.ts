// The rules of accounts: one is made whole, with its data key and its Web App Integration, or not at all.
import {
  type AccountRow,
  accountsWindow,
  countAccounts,
  findAccount,
  insertAccount,
  listAccounts,
  nextAccountId,
} from '../storage/accounts.ts'
import { type Db, hold, transact, UniqueViolation } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import { accountRemoval } from './account-removal.ts'
import type { ApiKeyOperations, MadeKey } from './api-keys.ts'
import type { RecordAudit } from './audit.ts'
import { admittedCaller, type Caller, localCaller } from './caller.ts'
import { isEmail } from './email.ts'
import { HubError, invalidField } from './errors.ts'
import { type Identity, integrationTypes } from './integration.ts'
import { insertIntegration, newIntegration } from './integrations.ts'
import { type Page, type PageRequest, pageOf } from './page.ts'
import type { Clock } from './timestamp.ts'

export type NewAccount = {
  name: string
  /** For moving in from another system: the number its clients know the account by. */
  id?: number
  /** What its Web App Integration starts with; what is not known yet stays blank. */
  identity?: Partial<Identity>
}

/** Every account's first integration has this id. */
export const webAppId = '1'

export type AccountOperations = ReturnType<typeof accountOperations>

export function accountOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  vault: Vault
  record: RecordAudit
  forgetKeys(): void
  apiKeysOn(db: Db): Pick<ApiKeyOperations, 'create'>
}) {
  const { db, now, newUid, vault, record, apiKeysOn } = needs

  async function create(db: Db, by: Caller | null, given: NewAccount): Promise<AccountRow> {
    const { name, id, identity } = given
    if (identity?.email && !isEmail(identity.email))
      throw invalidField('email', 'Enter a valid email address.')
    const at = now()
    return transact(db, 'all accounts', async (db) => {
      const account = { id: id ?? (await nextAccountId(db)), uid: newUid(), name, created_at: at }
      try {
        await insertAccount(db, account)
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error
        // The number of one that was deleted is not given to anybody else.
        const message = `There is an account ${account.id} already, or there was.`
        throw new HubError('id_taken', message, { fields: new Map([['id', [message]]]) })
      }
      await vault.createDataKey(db, account, at)
      const webApp = { ...blankIdentity, name, recipient: name, ...identity, id: webAppId }
      await insertIntegration(db, account.id, newIntegration(webApp, integrationTypes.webApp, newUid, at))
      const entry = {
        action: 'account.created',
        subject: `account/${account.uid}`,
        data: { id: account.id, name },
      } as const
      await record(db, installation(account.id, by), at, entry)
      if (by !== null) {
        await hold(db, by.accountId)
        await record(db, by, at, entry)
      }
      return account
    })
  }

  return {
    removal: accountRemoval(needs),

    create: (given: NewAccount): Promise<AccountRow> => create(db, null, given),

    /**
     * With its first API key, whole or not at all; the key's text is in no other answer.
     * @param by the operator whose key it was done with; null at the command line
     */
    createWithKey(by: Caller | null, given: NewAccount): Promise<{ account: AccountRow; made: MadeKey }> {
      return transact(db, 'all accounts', async (db) => {
        const account = await create(db, by, given)
        const made = await apiKeysOn(db).create(installation(account.id, by), { name: 'first key' })
        return { account, made }
      })
    },

    /** By ascending id: all of the installation, which is for its operators alone. */
    page: (request: PageRequest): Promise<Page<AccountRow>> =>
      pageOf(request, {
        count: () => countAccounts(db),
        window: (limit, offset) => accountsWindow(db, limit, offset),
      }),

    list: (): Promise<AccountRow[]> => listAccounts(db),

    find: (id: number): Promise<AccountRow | undefined> => findAccount(db, id),

    async get(id: number): Promise<AccountRow> {
      const account = await findAccount(db, id)
      if (!account) throw new HubError('not_found', `There is no account ${id}.`)
      return account
    },
  }
}

/** Who acts in a new account: nobody of another one is named in its trail, but for the request. */
function installation(accountId: number, by: Caller | null): Caller {
  return admittedCaller({ ...localCaller(accountId), requestId: by?.requestId ?? null })
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

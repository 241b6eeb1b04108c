// Accounts in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type { Account as AccountSchema, accountRoutes, NewAccount } from '../../contract/v2/accounts.ts'
import { type AccountOperations, type NewAccount as GivenAccount, webAppId } from '../../hub/accounts.ts'
import { notFound } from '../../hub/errors.ts'
import type { Handlers } from '../bind.ts'
import { numericId } from '../numeric-id.ts'
import { madeKeyView } from './api-keys.ts'
import { identityChangeFrom } from './identity.ts'
import { pageView, readPage } from './paging.ts'

export function accountHandlers(needs: {
  accounts: AccountOperations
  publicUrl: () => string
}): Handlers<typeof accountRoutes> {
  const { accounts, publicUrl } = needs
  return {
    async list({ query, path }) {
      const page = await accounts.page(readPage(query))
      return pageView(page, `${publicUrl()}${path}`, query, accountView)
    },
    async create({ body }, caller) {
      const given = accountFrom(await body())
      return async ({ accounts }) => {
        const { account, made } = await accounts.createWithKey(caller, given)
        return { ...accountView(account), integration: webAppId, api_key: madeKeyView(made) }
      }
    },
    async remove({ params: { id } }, caller) {
      const number = numericId(id)
      if (number === undefined) throw notFound()
      await accounts.removal.remove(caller, number)
    },
    async retrieve({ params: { id } }) {
      const number = numericId(id)
      const account = number === undefined ? undefined : await accounts.find(number)
      if (!account) throw notFound()
      return accountView(account)
    },
  }
}

type AccountRow = NonNullable<Awaited<ReturnType<AccountOperations['find']>>>

function accountView({ id, name, created_at }: AccountRow): Static<typeof AccountSchema> {
  return { id, name, created_at }
}

function accountFrom({ name, id, ...address }: Static<typeof NewAccount>): GivenAccount {
  return { name, ...(id !== undefined && { id }), identity: identityChangeFrom(address) }
}

// Accounts of the installation, for its operators. Ours, so bodies are strict.
import { Type } from 'typebox'
import { importedNumberMax } from '../../hub/caller.ts'
import { defineRoutes } from '../route.ts'
import { Text, Time } from '../types.ts'
import { ApiKeyWithText } from './api-keys.ts'
import { address } from './identity.ts'
import { PageOf, pageQuery } from './page.ts'

const name = Text({ description: 'Name of the product.', examples: ['My product'] })
const members = {
  id: Type.Integer({ description: 'Unique within the installation.' }),
  name: Type.String({ description: 'Name of the product.' }),
  created_at: Time(),
}

export const Account = Type.Object(members)

export const NewAccount = Type.Object(
  {
    name,
    id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: importedNumberMax,
        description: 'For moving in: the number that clients know the account by. Else the next one.',
      }),
    ),
    email: Type.Optional(address.email),
    recipient: Type.Optional(address.recipient),
    address_line_1: Type.Optional(address.address_line_1),
    address_line_2: Type.Optional(address.address_line_2),
    zip_code: Type.Optional(address.zip_code),
    city: Type.Optional(address.city),
    created_at: Type.Optional(Type.Unsafe<string>({ readOnly: true })),
  },
  { additionalProperties: false, description: 'Name and address are those of its Web App Integration.' },
)

export const CreatedAccount = Type.Object({
  ...members,
  integration: Type.String({ description: 'The id of its Web App Integration.' }),
  api_key: ApiKeyWithText,
})

export const accountRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/accounts/',
    summary: 'List the accounts of the installation',
    scope: 'operator',
    codedErrors: true,
    query: Type.Object(pageQuery),
    reply: { status: 200, description: 'One page, by ascending id.', schema: PageOf(Account) },
  },
  create: {
    method: 'POST',
    path: '/v2/accounts/',
    summary: 'Create an account with its Web App Integration and its first key',
    scope: 'operator',
    codedErrors: true,
    idempotent: 'new',
    replayedTo: 'the same key',
    body: NewAccount,
    reply: { status: 201, description: 'The account, and its key.', schema: CreatedAccount },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/accounts/:id/',
    summary: 'Retrieve an account',
    scope: 'operator',
    codedErrors: true,
    reply: { status: 200, description: 'The account.', schema: Account },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/accounts/:id/',
    summary: 'Delete an account with all that is in it, and destroy its keys',
    scope: 'operator',
    codedErrors: true,
    reply: { status: 204, description: 'It is gone; its number is given to nobody else.' },
  },
})

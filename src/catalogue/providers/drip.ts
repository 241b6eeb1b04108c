// Drip: e-mail marketing.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, status, text } from '../define.ts'
import { degraded, healthy, refusal, textAt, type Verdict, valueAt } from '../verdict.ts'

export const drip = defineProvider({
  name: 'drip',
  type: 'IntegrationDrip',
  integrationType: 'email',
  title: 'Drip',
  lifecycle: { state: 'current' },
  auth: 'bearer',
  api: {
    services: { api: { base: () => 'https://api.getdrip.com' } },
    credential: (values) =>
      values.find('token_kind') === 'api_token'
        ? { kind: 'basic', user: values.get('access_token'), password: '' }
        : { kind: 'bearer', token: values.get('access_token') },
    verify,
  },
  fields: {
    api_account_id: text({
      title: 'Account id',
      help: 'Drip, Settings, Account: the digits that also stand in the address of every page of the account.',
      likelyPattern: '^\\d+$',
      examples: ['9999999'],
    }),
    access_token: secret({
      title: 'Access token',
      help: 'An OAuth access token, or the API token from Drip, User Settings. Neither expires.',
    }),
    token_kind: added(
      status({
        title: 'Kind of token',
        help: 'Written by Mortise once it knows which of the two the access token is.',
        oneOf: ['oauth', 'api_token'],
        initial: 'oauth',
      }),
    ),
  },
})

/** OAuth tokens and API tokens look alike and are sent in different ways: what is refused one way is tried the other. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const answer = await ask({ path: '/v2/accounts' })
  const refused = refusal(answer, 'Drip')
  if (refused?.status === 'rejected') {
    const other = values.find('token_kind') === 'api_token' ? 'oauth' : 'api_token'
    return { ...refused, fields: { token_kind: other }, isToBeAskedAgain: true }
  }
  if (refused) return refused
  const found = valueAt(answer.json, 'accounts')
  const accounts: unknown[] = Array.isArray(found) ? found : []
  const wanted = values.find('api_account_id')
  const account = accounts.find((one) => wanted === undefined || textAt(one, 'id') === wanted)
  if (account === undefined)
    return degraded('The token is valid, but the account id is none of its accounts. Check the id.')
  const identity = textAt(account, 'id') ?? null
  return healthy({ identity, account: textAt(account, 'name') ?? identity })
}

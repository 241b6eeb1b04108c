// Drip: e-mail marketing.
import { defineProvider, secret, text } from '../define.ts'

export const drip = defineProvider({
  name: 'drip',
  type: 'IntegrationDrip',
  integrationType: 'email',
  title: 'Drip',
  lifecycle: { state: 'current' },
  auth: 'bearer',
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
  },
})

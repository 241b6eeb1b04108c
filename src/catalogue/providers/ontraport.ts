// Ontraport: e-mail marketing with customer records.
import type { Ask, Values } from '../api.ts'
import { defineProvider, secret, text } from '../define.ts'
import { healthy, refusal, type Verdict } from '../verdict.ts'

export const ontraport = defineProvider({
  name: 'ontraport',
  type: 'IntegrationOntraport',
  integrationType: 'email',
  title: 'Ontraport',
  lifecycle: { state: 'current' },
  auth: 'header',
  api: {
    services: { api: { base: () => 'https://api.ontraport.com' } },
    credential: (values) => ({
      kind: 'headers',
      headers: { 'Api-Key': values.get('api_key'), 'Api-Appid': values.get('app_id') },
    }),
    verify,
  },
  fields: {
    app_id: text({
      title: 'App id',
      help: 'Ontraport, Administration, Integrations, API keys: the app id that stands beside the key.',
      likelyPattern: '^\\d+_[A-Za-z0-9_]+$',
      examples: ['2_AppID_12345678'],
    }),
    api_key: secret({
      title: 'API key',
      help: 'Ontraport, Administration, Integrations, API keys. It may do what the user who owns it may do, and does not expire.',
    }),
  },
})

/** It tells no name: the app id stands for the account. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const refused = refusal(await ask({ path: '/1/Contacts/getInfo' }), 'Ontraport')
  if (refused) return refused
  const appId = values.get('app_id')
  return healthy({ identity: appId, account: `app ${appId}` })
}

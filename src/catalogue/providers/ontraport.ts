// Ontraport: e-mail marketing with customer records.
import { defineProvider, secret, text } from '../define.ts'

export const ontraport = defineProvider({
  name: 'ontraport',
  type: 'IntegrationOntraport',
  integrationType: 'email',
  title: 'Ontraport',
  lifecycle: { state: 'current' },
  auth: 'header',
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

// Mailchimp: e-mail marketing.
import { defineProvider, secret } from '../define.ts'

export const mailchimp = defineProvider({
  name: 'mailchimp',
  type: 'IntegrationMailchimp',
  integrationType: 'email',
  title: 'Mailchimp',
  lifecycle: { state: 'current' },
  auth: 'basic',
  fields: {
    api_key: secret({
      title: 'API key',
      help: 'Mailchimp, Profile, Extras, API keys: the whole key with its ending (-us6), which names the data centre.',
      likelyPattern: '^[0-9a-f]{32}-us\\d{1,2}$',
    }),
  },
})

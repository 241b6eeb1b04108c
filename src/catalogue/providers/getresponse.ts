// GetResponse: e-mail marketing.
import { added, defineProvider, secret, text } from '../define.ts'

export const getresponse = defineProvider({
  name: 'getresponse',
  type: 'IntegrationGetresponse',
  integrationType: 'email',
  title: 'GetResponse',
  lifecycle: { state: 'current' },
  auth: 'header',
  fields: {
    secret_api_key: secret({
      title: 'API key',
      help: 'GetResponse, Integrations & API, API. A key that is not used for 90 days expires.',
      likelyPattern: '^[a-z0-9]{32}$',
    }),
    platform: added(
      text({
        title: 'Platform',
        help: 'Where the account lives: retail for getresponse.com, max_us or max_pl for GetResponse MAX. A key works on one alone.',
        oneOf: ['retail', 'max_us', 'max_pl'],
        initial: 'retail',
      }),
    ),
    domain: added(
      text({
        title: 'Account domain',
        help: 'The domain of the GetResponse MAX account; not needed on the retail platform.',
        likelyPattern: '^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$',
        examples: ['newsletter.example.com'],
      }),
    ),
  },
})

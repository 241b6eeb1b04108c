// Kit, once ConvertKit: e-mail marketing.
import { added, defineProvider, secret, text } from '../define.ts'

export const convertkit = defineProvider({
  name: 'convertkit',
  type: 'IntegrationConvertkit',
  integrationType: 'email',
  title: 'Kit (ConvertKit)',
  lifecycle: {
    state: 'renamed',
    note: 'ConvertKit is now Kit; its v3 API still answers but is deprecated, and v4 needs a key of its own.',
  },
  auth: 'query',
  fields: {
    api_key: text({
      title: 'API key (v3)',
      help: 'Kit, Settings, Developer: the v3 API key. A v4 key is secret and belongs in the other field.',
      likelyPattern: '^[A-Za-z0-9_]{22}$',
    }),
    secret_key: secret({
      title: 'API secret (v3) or API key (v4)',
      help: 'Kit, Settings, Developer: the v3 API secret, or the v4 API key if the generation is v4.',
    }),
    generation: added(
      text({
        title: 'API generation',
        help: 'Which API the keys were made for; v4 does not accept v3 keys.',
        oneOf: ['v3', 'v4'],
        initial: 'v3',
      }),
    ),
  },
})

// Intercom: chat with customers.
import { added, defineProvider, secret, text } from '../define.ts'

export const intercom = defineProvider({
  name: 'intercom',
  type: 'IntegrationIntercom',
  integrationType: 'chat',
  title: 'Intercom',
  lifecycle: { state: 'current' },
  auth: 'bearer',
  hasSnippet: true,
  fields: {
    access_token: secret({
      title: 'Access token',
      help: 'Intercom Developer Hub, the app, Authentication; or an OAuth token. It does not expire.',
      likelyPattern: '^[A-Za-z0-9=_-]{60}$',
    }),
    region: added(
      text({
        title: 'Region',
        help: 'Where the workspace is hosted: United States, Europe or Australia.',
        oneOf: ['us', 'eu', 'au'],
        initial: 'us',
      }),
    ),
  },
})

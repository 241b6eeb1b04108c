// AWeber: e-mail marketing.
import { added, defineProvider, secret, text } from '../define.ts'

export const aweber = defineProvider({
  name: 'aweber',
  type: 'IntegrationAweber',
  integrationType: 'email',
  title: 'AWeber',
  lifecycle: {
    state: 'current',
    note: 'OAuth 1.0a still answers and has no published end, but new apps must use OAuth 2.',
  },
  auth: 'oauth1',
  fields: {
    access_token: text({
      title: 'Access token (OAuth 1)',
      help: 'The OAuth 1 token of the AWeber account that allowed the app. It does not expire.',
      likelyPattern: '^A[A-Za-z0-9]{23}$',
    }),
    consumer_key: text({
      title: 'Consumer key or client id',
      help: 'labs.aweber.com, the app: its consumer key, or its client id for an OAuth 2 app.',
      likelyPattern: '^[A-Za-z0-9]{24,40}$',
    }),
    access_token_secret: secret({
      title: 'Access token secret (OAuth 1)',
      help: 'The secret that came with the OAuth 1 access token.',
      likelyPattern: '^[A-Za-z0-9]{40}$',
    }),
    consumer_secret: secret({
      title: 'Consumer secret or client secret',
      help: 'labs.aweber.com, the app: its consumer secret, or its client secret for an OAuth 2 app.',
      likelyPattern: '^[A-Za-z0-9]{24,40}$',
    }),
    refresh_token: added(
      secret({
        title: 'Refresh token (OAuth 2)',
        help: 'Came with the OAuth 2 access token when the AWeber account allowed the app; new access tokens are had with it.',
      }),
    ),
    oauth2_access_token: added(
      secret({
        title: 'Access token (OAuth 2)',
        help: 'The OAuth 2 token of the AWeber account that allowed the app. It lives for two hours.',
      }),
    ),
    expires_at: added(
      text({
        title: 'Access token expires at',
        help: 'When the OAuth 2 access token ends, in UTC.',
        likelyPattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
        examples: ['2026-11-30T12:00:00.000000Z'],
      }),
    ),
  },
})

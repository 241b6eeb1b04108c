// AWeber: e-mail marketing.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { healthy, rateLimited, refusal, rejected, textAt, type Verdict, valueAt } from '../verdict.ts'

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
  api: {
    services: { api: { base: () => 'https://api.aweber.com' } },
    credential: (values) =>
      isOAuth2(values)
        ? { kind: 'bearer', token: values.get('oauth2_access_token') }
        : {
            kind: 'oauth1',
            consumerKey: values.get('consumer_key'),
            consumerSecret: values.get('consumer_secret'),
            token: values.get('access_token'),
            tokenSecret: values.get('access_token_secret'),
          },
    tokens: {
      fields: { accessToken: 'oauth2_access_token', refreshToken: 'refresh_token', expiresAt: 'expires_at' },
      grant: (values) =>
        values.find('refresh_token') === undefined
          ? undefined
          : {
              kind: 'refresh_token',
              tokenUrl: 'https://auth.aweber.com/oauth2/token',
              clientId: values.get('consumer_key'),
              clientSecret: values.get('consumer_secret'),
              clientAuth: 'basic',
            },
    },
    verify,
  },
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

function isOAuth2(values: Values): boolean {
  return values.find('refresh_token') !== undefined || values.find('oauth2_access_token') !== undefined
}

async function verify(ask: Ask): Promise<Verdict> {
  const answer = await ask({ path: '/1.0/accounts' })
  const message = textAt(answer.json, 'error', 'message') ?? ''
  // It has no status of its own for too many requests.
  if (answer.status === 403 && /rate limit/i.test(message)) return rateLimited(answer)
  if (answer.status === 400)
    return rejected('AWeber cannot read this credential. Check all four of its parts.')
  const refused = refusal(answer, 'AWeber')
  if (refused) return refused
  const id = textAt(valueAt(answer.json, 'entries'), 0, 'id') ?? null
  return healthy({ identity: id, account: id === null ? null : `account ${id}` })
}

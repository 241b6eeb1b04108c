// PayPal: payments.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text, token } from '../define.ts'
import { healthy, type Verdict } from '../verdict.ts'

export const paypal = defineProvider({
  name: 'paypal',
  type: 'IntegrationPaypal',
  integrationType: 'payment',
  title: 'PayPal',
  lifecycle: { state: 'current' },
  auth: 'oauth2_client_credentials',
  api: {
    services: { api: { base: baseOf } },
    credential: (values) => ({ kind: 'bearer', token: values.get('api_token') }),
    tokens: {
      fields: { accessToken: 'api_token' },
      grant: (values) => ({
        kind: 'client_credentials',
        tokenUrl: `${baseOf(values)}/v1/oauth2/token`,
        clientId: values.get('client_id'),
        clientSecret: values.get('client_secret'),
        clientAuth: 'basic',
      }),
    },
    verify,
  },
  fields: {
    client_id: text({
      title: 'Client id',
      help: 'PayPal Developer Dashboard, Apps & Credentials, the REST app. It may be shown in browsers.',
      likelyPattern: '^[A-Za-z0-9_.-]{80}$',
    }),
    client_secret: secret({
      title: 'Client secret',
      help: 'PayPal Developer Dashboard, Apps & Credentials, the REST app: the secret of the same app.',
      likelyPattern: '^[A-Za-z0-9_.-]{44,80}$',
    }),
    environment: added(
      text({
        title: 'Environment',
        help: 'Which side of the dashboard the app was made on. Both kinds of credentials look the same, and each works on its own side alone.',
        oneOf: ['live', 'sandbox'],
        initial: 'live',
      }),
    ),
    api_token: added(
      token({
        title: 'Access token',
        help: 'Had by Mortise with the secret, and kept for as long as it lives.',
      }),
    ),
  },
})

function baseOf(values: Values): string {
  return values.find('environment') === 'sandbox'
    ? 'https://api-m.sandbox.paypal.com'
    : 'https://api-m.paypal.com'
}

/** That a token was had is the proof: it was asked for just now, and nothing else needs no permission. */
async function verify(_ask: Ask, values: Values): Promise<Verdict> {
  const clientId = values.get('client_id')
  return healthy({
    identity: clientId,
    account: `app ${clientId.slice(0, 12)}`,
    mode: values.find('environment') === 'sandbox' ? 'test' : 'live',
  })
}

// PayPal: payments.
import { added, defineProvider, secret, text } from '../define.ts'

export const paypal = defineProvider({
  name: 'paypal',
  type: 'IntegrationPaypal',
  integrationType: 'payment',
  title: 'PayPal',
  lifecycle: { state: 'current' },
  auth: 'oauth2_client_credentials',
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
  },
})

// SendReach: e-mail marketing, on a server of the MailWizz kind.
import { added, defineProvider, secret, text } from '../define.ts'

export const sendreach = defineProvider({
  name: 'sendreach',
  type: 'IntegrationSendreach',
  integrationType: 'email',
  title: 'SendReach',
  lifecycle: {
    state: 'discontinued',
    note: 'There is no sign that SendReach still answers; with a base URL these fields serve a MailWizz server that signs requests with a key pair.',
  },
  auth: 'hmac',
  fields: {
    api_key: text({
      title: 'Public key',
      help: 'The dashboard, API keys: the public key.',
      likelyPattern: '^[a-f0-9]{40}$',
    }),
    secret_api_key: secret({
      title: 'Private key',
      help: 'The dashboard, API keys: the private key, which signs each request and is never sent.',
      likelyPattern: '^[a-f0-9]{40}$',
    }),
    base_url: added(
      text({
        isOrigin: true,
        title: 'Base URL',
        help: 'The address of the MailWizz API that the keys belong to.',
        likelyPattern: '^https://',
        examples: ['https://dashboard.example.com/api/index.php'],
      }),
    ),
  },
})

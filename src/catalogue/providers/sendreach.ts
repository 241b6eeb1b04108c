// SendReach: e-mail marketing, on a server of the MailWizz kind.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { siteOf } from '../site.ts'
import { healthy, refusal, rejected, textAt, unreachable, unverifiable, type Verdict } from '../verdict.ts'

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
  api: {
    services: { api: { base: (values) => siteOf(values, 'base_url') } },
    credential: (values) => ({
      kind: 'mailwizz',
      publicKey: values.get('api_key'),
      privateKey: values.get('secret_api_key'),
    }),
    verify,
  },
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

async function verify(ask: Ask, values: Values): Promise<Verdict> {
  if (values.find('base_url') === undefined) {
    return unverifiable(
      'There is no sign that SendReach still answers. Set base_url to ask a MailWizz server instead.',
    )
  }
  const answer = await ask({ path: '/lists?page=1&per_page=1' })
  // Whatever is wrong with a key pair or its customer, it answers 400 and an error in words.
  if (textAt(answer.json, 'status') === 'error' && answer.status < 429) {
    return rejected(
      'The server does not accept this key pair, or its customer may not use the API. Check both.',
    )
  }
  const refused = refusal(answer, 'the MailWizz server')
  if (refused) return refused
  if (textAt(answer.json, 'status') !== 'success') {
    return unreachable('What answers there is no MailWizz server. Check the base URL.')
  }
  const key = values.get('api_key')
  return healthy({ identity: `${siteOf(values, 'base_url')} ${key}`, account: `key ${key.slice(0, 8)}` })
}

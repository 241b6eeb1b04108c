// Kit, once ConvertKit: e-mail marketing.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { healthy, refusal, textAt, type Verdict } from '../verdict.ts'

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
  api: {
    services: {
      api: { base: (values) => (isV4(values) ? 'https://api.kit.com' : 'https://api.convertkit.com') },
    },
    credential: (values) =>
      isV4(values)
        ? { kind: 'headers', headers: { 'X-Kit-Api-Key': values.get('secret_key') } }
        : { kind: 'query', parameters: { api_secret: values.get('secret_key') } },
    verify,
  },
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

function isV4(values: Values): boolean {
  return values.find('generation') === 'v4'
}

async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const answer = await ask({ path: isV4(values) ? '/v4/account' : '/v3/account' })
  const refused = refusal(answer, 'Kit')
  if (refused) return refused
  const { json } = answer
  const identity =
    textAt(json, 'account', 'primary_email_address') ?? textAt(json, 'primary_email_address') ?? null
  return healthy({ identity, account: textAt(json, 'account', 'name') ?? textAt(json, 'name') ?? identity })
}

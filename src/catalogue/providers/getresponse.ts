// GetResponse: e-mail marketing.
import type { Ask } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { degraded, healthy, rateLimited, refusal, rejected, textAt, type Verdict } from '../verdict.ts'

const hosts: Readonly<Record<string, string>> & { readonly retail: string } = {
  retail: 'api.getresponse.com',
  max_us: 'api3.getresponse360.com',
  max_pl: 'api3.getresponse360.pl',
}

export const getresponse = defineProvider({
  name: 'getresponse',
  type: 'IntegrationGetresponse',
  integrationType: 'email',
  title: 'GetResponse',
  lifecycle: { state: 'current' },
  auth: 'header',
  api: {
    services: {
      api: { base: (values) => `https://${hosts[values.find('platform') ?? ''] ?? hosts.retail}` },
    },
    credential: (values) => {
      const domain = values.find('platform') === 'retail' ? undefined : values.find('domain')
      return {
        kind: 'headers',
        headers: {
          'X-Auth-Token': `api-key ${values.get('secret_api_key')}`,
          ...(domain !== undefined && { 'X-Domain': domain }),
        },
      }
    },
    verify,
  },
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

/** Its own codes tell more than the status, which has been seen to differ from what is documented. */
async function verify(ask: Ask): Promise<Verdict> {
  const answer = await ask({ path: '/v3/accounts' })
  const code = textAt(answer.json, 'code')
  if (code === '1014')
    return rejected('GetResponse does not accept this API key, or it is of another platform. Check both.')
  if (code === '1015') return rateLimited(answer)
  if (code === '1023')
    return degraded('GetResponse knows this key, but does not let it read the account. Allow it that there.')
  if (code === '1024') return rejected('GetResponse does not know the account domain. Check the domain.')
  const refused = refusal(answer, 'GetResponse')
  if (refused) return refused
  const identity = textAt(answer.json, 'accountId') ?? null
  return healthy({ identity, account: textAt(answer.json, 'email') ?? identity })
}

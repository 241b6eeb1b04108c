// ActiveCampaign: e-mail marketing.
import type { Ask, Values } from '../api.ts'
import { defineProvider, secret, text } from '../define.ts'
import { siteOf } from '../site.ts'
import { healthy, refusal, rejected, textAt, unreachable, type Verdict } from '../verdict.ts'

export const activeCampaign = defineProvider({
  name: 'active_campaign',
  type: 'IntegrationActiveCampaign',
  integrationType: 'email',
  title: 'ActiveCampaign',
  lifecycle: { state: 'current' },
  auth: 'header',
  api: {
    services: { api: { base: (values) => siteOf(values, 'api_endpoint').replace(/\/api\/3$/, '') } },
    credential: (values) => ({ kind: 'headers', headers: { 'Api-Token': values.get('api_key') } }),
    verify,
  },
  fields: {
    api_endpoint: text({
      title: 'API URL',
      help: 'ActiveCampaign, Settings, Developer: the URL as shown there, without /api/3.',
      likelyPattern: '^https://',
      isOrigin: true,
      examples: ['https://company.api-us1.com'],
    }),
    actid: text({
      title: 'Event tracking account id',
      help: 'The number called actid in the code that ActiveCampaign shows for event tracking.',
      likelyPattern: '^\\d+$',
    }),
    api_key: secret({
      title: 'API key',
      help: 'ActiveCampaign, Settings, Developer. Each user has a key of their own, and it may do what that user may do.',
      likelyPattern: '^[a-f0-9]{72}$',
    }),
    event_key: secret({
      title: 'Event key',
      help: 'The event key that ActiveCampaign shows with event tracking; one for the whole account.',
    }),
  },
})

async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const first = await ask({ path: '/api/3/users/me' })
  // It is known to refuse a valid key now and then.
  const answer = first.status === 403 ? await ask({ path: '/api/3/users/me' }) : first
  if (answer.status === 403) {
    return rejected(
      'ActiveCampaign does not accept this API key, or its user may not use the API. Check both.',
    )
  }
  const refused = refusal(answer, 'ActiveCampaign')
  if (refused) return refused
  const user = textAt(answer.json, 'user', 'id')
  if (user === undefined) {
    return unreachable('What answers there is not the API of ActiveCampaign. Check the API URL.')
  }
  const account = textAt(answer.json, 'user', 'email') ?? textAt(answer.json, 'user', 'username') ?? null
  return healthy({
    account,
    identity: `${siteOf(values, 'api_endpoint')} ${user}`,
  })
}

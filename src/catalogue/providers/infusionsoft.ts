// Keap, once Infusionsoft: e-mail marketing for small businesses.
import type { Ask } from '../api.ts'
import { defineProvider, secret, text } from '../define.ts'
import { healthy, refusal, textAt, type Verdict } from '../verdict.ts'

export const infusionsoft = defineProvider({
  name: 'infusionsoft',
  type: 'IntegrationInfusionsoft',
  integrationType: 'email',
  title: 'Keap (Infusionsoft)',
  lifecycle: {
    state: 'renamed',
    note: 'Infusionsoft is now Keap; its legacy keys are being switched off, a service account key or personal access token replaces them.',
  },
  auth: 'bearer',
  api: {
    services: { api: { base: () => 'https://api.infusionsoft.com' } },
    credential: (values) => ({ kind: 'bearer', token: values.get('api_key') }),
    verify,
  },
  fields: {
    app_name: text({
      title: 'App name',
      help: 'The first part of the old address, before .infusionsoft.com. The API of today does not need it.',
      likelyPattern: '^[A-Za-z0-9]+$',
      examples: ['ab123'],
    }),
    api_key: secret({
      title: 'API key',
      help: 'Keap, Settings, API: a service account key or a personal access token; both begin with KeapAK-.',
      likelyPattern: '^KeapAK-',
    }),
  },
})

/** Asks for what needs no permission: a restricted key is refused elsewhere, though it is alive. */
async function verify(ask: Ask): Promise<Verdict> {
  const answer = await ask({ path: '/crm/rest/v2/oauth/connect/userinfo' })
  const refused = refusal(answer, 'Keap')
  if (refused) return refused
  const identity = textAt(answer.json, 'tenant_id') ?? textAt(answer.json, 'sub') ?? null
  return healthy({ identity, account: textAt(answer.json, 'email') ?? identity })
}

// Mailchimp: e-mail marketing.
import { type Ask, UnusableField, type Values } from '../api.ts'
import { defineProvider, secret } from '../define.ts'
import { healthy, rateLimited, refusal, textAt, type Verdict } from '../verdict.ts'

export const mailchimp = defineProvider({
  name: 'mailchimp',
  type: 'IntegrationMailchimp',
  integrationType: 'email',
  title: 'Mailchimp',
  lifecycle: { state: 'current' },
  auth: 'basic',
  api: {
    services: { api: { base: (values) => `https://${dataCentreOf(values)}.api.mailchimp.com` } },
    credential: (values) => ({ kind: 'basic', user: 'mortise', password: values.get('api_key') }),
    verify,
  },
  fields: {
    api_key: secret({
      title: 'API key',
      help: 'Mailchimp, Profile, Extras, API keys: the whole key with its ending (-us6), which names the data centre.',
      likelyPattern: '^[0-9a-f]{32}-us\\d{1,2}$',
    }),
  },
})

/** A key ends with its data centre; those from before there were several do not, and are of the first. */
function dataCentreOf(values: Values): string {
  const key = values.get('api_key')
  const name = key.includes('-') ? key.slice(key.lastIndexOf('-') + 1) : 'us1'
  if (/^[a-z]{1,10}\d{1,4}$/.test(name)) return name
  throw new UnusableField('api_key', 'The key has to end with its data centre, such as -us6.')
}

async function verify(ask: Ask): Promise<Verdict> {
  const ping = await ask({ path: '/3.0/ping' })
  // Too many requests are sometimes refused by what stands before the API, which sends no JSON.
  if (ping.status === 403 && ping.json === undefined) return rateLimited(ping)
  const refused = refusal(ping, 'Mailchimp')
  if (refused) return refused
  const account = await ask({ path: '/3.0/' })
  if (account.status !== 200) return healthy()
  const identity = textAt(account.json, 'account_id') ?? null
  return healthy({ identity, account: textAt(account.json, 'account_name') ?? identity })
}

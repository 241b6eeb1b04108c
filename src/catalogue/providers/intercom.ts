// Intercom: chat with customers.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { escapeHtml, scriptString } from '../snippets/escaping.ts'
import { degraded, healthy, refusal, textAt, type Verdict } from '../verdict.ts'

const hosts: Readonly<Record<string, string>> & { readonly us: string } = {
  us: 'api.intercom.io',
  eu: 'api.eu.intercom.io',
  au: 'api.au.intercom.io',
}

export const intercom = defineProvider({
  name: 'intercom',
  type: 'IntegrationIntercom',
  integrationType: 'chat',
  title: 'Intercom',
  lifecycle: { state: 'current' },
  auth: 'bearer',
  api: {
    services: { api: { base: (values) => `https://${hosts[values.find('region') ?? 'us'] ?? hosts.us}` } },
    credential: (values) => ({ kind: 'bearer', token: values.get('access_token') }),
    headers: { 'Intercom-Version': '2.15' },
    verify,
  },
  fields: {
    access_token: secret({
      title: 'Access token',
      help: 'Intercom Developer Hub, the app, Authentication; or an OAuth token. It does not expire.',
      likelyPattern: '^[A-Za-z0-9=_-]{60}$',
    }),
    region: added(
      text({
        title: 'Region',
        help: 'Where the workspace is hosted: United States, Europe or Australia.',
        oneOf: ['us', 'eu', 'au'],
        initial: 'us',
      }),
    ),
    app_id: added(
      text({
        title: 'Workspace id',
        help: 'The id of the workspace, also called app id: Intercom, Settings, Channels, Messenger, Install; or in the address of every page there, after /apps/. The snippet for pages needs it.',
        likelyPattern: '^[a-z0-9]{6,12}$',
        examples: ['abc12345'],
      }),
    ),
  },
  snippet: {
    needs: ['app_id'],
    make({ app_id, region }) {
      const apiBase = `https://api-iam.${region === 'eu' || region === 'au' ? `${region}.` : ''}intercom.io`
      const widget = 'https://widget.intercom.io'
      return {
        html: [
          '<script>',
          `window.intercomSettings = { api_base: ${scriptString(apiBase)}, app_id: ${scriptString(app_id)} };`,
          ...queue,
          '</script>',
          `<script async src="${escapeHtml(`${widget}/widget/${encodeURIComponent(app_id)}`)}"></script>`,
        ].join('\n'),
        hosts: [widget, 'https://js.intercomcdn.com', apiBase],
        warnings: [],
      }
    },
  },
})

/** Keeps what the page asks of the messenger until its script is there. */
const queue = [
  "if (typeof window.Intercom === 'function') {",
  "  Intercom('reattach_activator');",
  "  Intercom('update', window.intercomSettings);",
  '} else {',
  '  window.Intercom = function () { Intercom.c(arguments); };',
  '  Intercom.q = [];',
  '  Intercom.c = function (given) { Intercom.q.push(given); };',
  '}',
]

async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const answer = await ask({ path: '/me' })
  const refused = refusal(answer, 'Intercom')
  if (refused) return refused
  const identity = textAt(answer.json, 'app', 'id_code') ?? null
  const known = {
    identity,
    account: textAt(answer.json, 'app', 'name') ?? textAt(answer.json, 'email') ?? identity,
  }
  const region = textAt(answer.json, 'app', 'region')?.toLowerCase()
  if (region !== undefined && region !== (values.find('region') ?? 'us')) {
    return degraded(`The workspace is hosted elsewhere. Set region to ${region.slice(0, 10)}.`, known)
  }
  return healthy(known)
}

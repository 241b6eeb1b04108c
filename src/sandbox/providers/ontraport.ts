// Stands in for Ontraport: two headers together, and refusals in plain text.
import { digitsOf, samplesOf } from '../modes.ts'
import { json, route, text, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

export function ontraport(): StandIn {
  const contacts = shelf<{ readonly id: string; readonly email: string }>(1_000)

  function save({ json: body, form }: Asked): Reply {
    const email = textIn(body, 'email') || (form.get('email') ?? '')
    const contact = contacts.get(email) ?? { id: digitsOf(email, 6), email }
    contacts.put(email, contact)
    return json(200, { code: 0, data: contact, account_id: 1 })
  }

  return {
    provider: 'ontraport',
    isFor: ({ host }) => host === 'api.ontraport.com',
    credential: ({ header }) => (/^\d+_\w+$/.test(header('api-appid') ?? '') ? header('api-key') : undefined),
    answer: (asked, shown) =>
      refusalOf(shown) ??
      route(asked, {
        'GET /1/Contacts/getInfo': () =>
          json(200, {
            code: 0,
            data: {
              listFields: [],
              listFieldSettings: [],
              cardViewSettings: [],
              viewMode: [],
              count: String(contacts.all().length),
            },
            account_id: 1,
          }),
        'POST /1/Contacts/saveorupdate': () => save(asked),
        'GET /1/Contacts': () => json(200, { code: 0, data: contacts.all(), account_id: 1 }),
        'GET /1/object/getByEmail': () => {
          const contact = contacts.get(asked.query.get('email') ?? '')
          return json(200, { code: 0, data: contact ? { id: contact.id } : [], account_id: 1 })
        },
        'PUT /1/objects/tag': () =>
          json(200, { code: 0, data: 'The tag is now being processed.', account_id: 1 }),
        'PUT /1/objects/tagByName': () =>
          json(200, { code: 0, data: 'The tag is now being processed.', account_id: 1 }),
      }) ??
      text(404, 'Resource not found', 'text/html'),
    samples: samplesOf((mode) => ({ app_id: '2_AppID_12345678', api_key: `sandbox-${mode}` })),
  }
}

function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected') {
    return text(401, 'Your App ID and API Key do not authenticate.', 'text/html')
  }
  if (mode === 'forbidden') return text(403, 'You do not have permission to do that.', 'text/html')
  if (mode === 'ratelimited') {
    return {
      ...text(429, 'Rate limit exceeded', 'text/html'),
      headers: { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '42' },
    }
  }
  return undefined
}

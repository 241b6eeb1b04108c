// Stands in for ActiveCampaign: every account has a host of its own, so its path tells what is for it.
import { digitsOf, samplesOf } from '../modes.ts'
import { json, objectIn, route, text, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

type Contact = { readonly id: string; readonly email: string }

export function activeCampaign(): StandIn {
  const contacts = shelf<Contact>(1_000)

  function sync({ json: body }: Asked): Reply {
    const email = textIn(objectIn(body?.contact), 'email')
    if (email === '')
      return json(422, { errors: [{ title: 'Contact Email Address is not valid.', code: 'email_invalid' }] })
    const known = contacts.get(email) ?? { id: digitsOf(email, 6), email }
    const isNew = !contacts.has(email)
    contacts.put(email, known)
    return json(isNew ? 201 : 200, { fieldValues: [], contact: known })
  }

  function track({ form }: Asked): Reply {
    const isWhole = ['actid', 'key', 'event', 'visit'].every((name) => form.has(name))
    return json(200, isWhole ? { success: 1 } : { success: 0, message: 'Missing parameters.' })
  }

  return {
    provider: 'active_campaign',
    isFor: ({ host, path }) => host === 'trackcmp.net' || path.startsWith('/api/3/'),
    credential: ({ host, header, form }) =>
      host === 'trackcmp.net' ? (form.get('key') ?? undefined) : header('api-token'),
    answer: (asked, shown) =>
      refusalOf(shown) ??
      route(asked, {
        'GET /api/3/users/me': () =>
          json(200, {
            user: {
              id: digitsOf(shown.stem, 2),
              username: 'owner',
              email: 'owner@sandbox.example',
              firstName: 'Ada',
            },
          }),
        'POST /api/3/contact/sync': () => sync(asked),
        'GET /api/3/contacts': () =>
          json(200, { contacts: contacts.all(), meta: { total: String(contacts.all().length) } }),
        'POST /api/3/tags': () => json(201, { tag: { id: '2', ...objectIn(asked.json?.tag) } }),
        'POST /api/3/contactTags': () =>
          json(201, { contactTag: { id: '1', ...objectIn(asked.json?.contactTag) } }),
        'POST /api/3/contactLists': () =>
          json(200, { contactList: { id: '1', ...objectIn(asked.json?.contactList) } }),
        'GET /api/3/tags': () => json(200, { tags: [{ id: '1', tag: 'customer' }], meta: { total: '1' } }),
        'GET /api/3/eventTracking': () => json(200, { eventTracking: { enabled: true } }),
        'POST /event': () => track(asked),
      }) ??
      json(404, { message: `No Result found for ${asked.method} ${asked.path}` }),
    samples: samplesOf((mode) => ({
      api_endpoint: 'https://sandbox.api-us1.com',
      actid: '123456789',
      api_key: `0123456789abcdef0123456789abcdef-${mode}`,
      event_key: `sandbox-event-${mode}`,
    })),
  }
}

/** It has one status for a key that is unknown, and for a user who may not. */
function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected' || mode === 'forbidden') {
    return json(403, { message: 'You are not authorized to access this resource.' })
  }
  if (mode === 'ratelimited') return { ...text(429, 'Too Many Requests'), headers: { 'retry-after': '7' } }
  return undefined
}

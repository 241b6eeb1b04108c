// Stands in for Keap, once Infusionsoft: its gateway and its applications answer in two shapes.
import { digitsOf, samplesOf } from '../modes.ts'
import { bearerOf, json, route } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

type Contact = Readonly<Record<string, unknown>> & { readonly id: string }

export function infusionsoft(): StandIn {
  const contacts = shelf<Contact>(1_000)
  let created = 0

  function create({ json: body }: Asked): Reply {
    created += 1
    const contact = { ...body, id: String(created) }
    contacts.put(contact.id, contact)
    return json(201, contact)
  }

  function one(id: string, show: (contact: Contact) => unknown): Reply {
    const contact = contacts.get(id)
    return contact ? json(200, show(contact)) : ofApplication(404, 'Resource not found')
  }

  return {
    provider: 'infusionsoft',
    isFor: ({ host }) => host === 'api.infusionsoft.com' || host === 'api.keap.com',
    credential: (asked) => bearerOf(asked) ?? asked.header('x-keap-api-key'),
    answer: (asked, shown) =>
      refusalOf(asked, shown) ??
      route(asked, {
        [`GET ${userInfo}`]: () =>
          json(200, {
            email: 'owner@sandbox.example',
            sub: digitsOf(`${shown.stem} user`, 6),
            tenant_id: `ab${digitsOf(shown.stem, 3)}`,
            is_admin: shown.mode === 'valid',
          }),
        'GET /crm/rest/v2/contacts': () => json(200, { contacts: contacts.all(), next_page_token: '' }),
        'POST /crm/rest/v2/contacts': () => create(asked),
        'GET /crm/rest/v2/contacts/:id': ({ id = '' }) => one(id, (contact) => contact),
        'PATCH /crm/rest/v2/contacts/:id': ({ id = '' }) =>
          one(id, (contact) => {
            const changed = { ...contact, ...asked.json, id }
            contacts.put(id, changed)
            return changed
          }),
        'POST /crm/rest/v2/tags/:tag/contacts:applyTags': () => json(200, { success: true }),
      }) ??
      ofApplication(404, 'Resource not found'),
    samples: samplesOf((mode) => ({ app_name: 'ab123', api_key: `KeapAK-sandbox${mode}` })),
  }
}

const userInfo = '/crm/rest/v2/oauth/connect/userinfo'

function refusalOf({ path }: Asked, { mode }: Shown): Reply | undefined {
  if (mode === 'absent') return ofGateway(401, 'Invalid access token', 'oauth.v2.InvalidAccessToken')
  if (mode === 'rejected')
    return ofGateway(401, 'Invalid Access Token', 'keymanagement.service.invalid_access_token')
  // Whose the key is, is told to every key that is alive.
  if (mode === 'forbidden' && path !== userInfo) return ofApplication(403, 'Access denied')
  if (mode === 'ratelimited') {
    const reply = ofGateway(429, 'Rate limit quota violation', 'policies.ratelimit.QuotaViolation')
    return { ...reply, headers: { ...reply.headers, 'x-keap-product-throttle-available': '0' } }
  }
  return undefined
}

function ofGateway(status: number, faultstring: string, errorcode: string): Reply {
  return json(status, { fault: { faultstring, detail: { errorcode } } })
}

function ofApplication(code: number, message: string): Reply {
  return json(code, { code, message, status: code === 403 ? 'PERMISSION_DENIED' : 'NOT_FOUND', details: [] })
}

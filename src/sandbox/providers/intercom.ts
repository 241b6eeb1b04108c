// Stands in for Intercom in its three regions; tokens that begin with `eu` or `au` are of workspaces there.
import { digitsOf, samplesOf } from '../modes.ts'
import { bearerOf, json, route, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

const hosts = ['api.intercom.io', 'api.eu.intercom.io', 'api.au.intercom.io']

export function intercom({ newId, nowMs }: Tools): StandIn {
  const contacts = shelf<Readonly<Record<string, unknown>> & { readonly id: string }>(1_000)

  function create({ json: body }: Asked): Reply {
    const email = textIn(body, 'email')
    if (contacts.all().some((contact) => contact.email === email)) {
      return list(409, 'conflict', 'A contact matching those details already exists.')
    }
    const contact = { type: 'contact', id: newId().slice(0, 24), role: 'user', ...body }
    contacts.put(contact.id, contact)
    return json(200, contact)
  }

  function search({ json: body }: Asked): Reply {
    const query = body?.query
    const value = typeof query === 'object' && query !== null && 'value' in query ? query.value : undefined
    const found = contacts.all().filter((contact) => contact.email === value)
    return json(200, {
      type: 'list',
      data: found,
      total_count: found.length,
      pages: { type: 'pages', page: 1, total_pages: 1 },
    })
  }

  function one(id: string, show: (contact: object) => unknown): Reply {
    const contact = contacts.get(id)
    return contact ? json(200, show(contact)) : list(404, 'not_found', 'User Not Found')
  }

  function list(status: number, code: string, message: string): Reply {
    return json(status, { type: 'error.list', request_id: newId().slice(0, 20), errors: [{ code, message }] })
  }

  function refusalOf({ mode }: Shown): Reply | undefined {
    if (mode === 'absent' || mode === 'rejected') return list(401, 'unauthorized', 'Access Token Invalid')
    if (mode === 'forbidden') return list(403, 'api_plan_restricted', 'Active subscription needed.')
    if (mode === 'ratelimited') {
      const reply = list(429, 'rate_limit_exceeded', 'Exceeded rate limit')
      const reset = String(Math.ceil(nowMs() / 10_000) * 10)
      return {
        ...reply,
        headers: { ...reply.headers, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      }
    }
    return undefined
  }

  return {
    provider: 'intercom',
    isFor: ({ host }) => hosts.includes(host),
    credential: bearerOf,
    answer: (asked, shown) =>
      refusalOf(shown) ??
      route(asked, {
        'GET /me': () => json(200, me(shown.stem, nowMs())),
        'GET /contacts': () =>
          json(200, { type: 'list', data: contacts.all(), total_count: contacts.all().length }),
        'POST /contacts': () => create(asked),
        'POST /contacts/search': () => search(asked),
        'GET /contacts/:id': ({ id = '' }) => one(id, (contact) => contact),
        'PUT /contacts/:id': ({ id = '' }) =>
          one(id, (contact) => {
            const changed = { ...contact, ...asked.json, id }
            contacts.put(id, changed)
            return changed
          }),
        'POST /contacts/:id/tags': ({ id = '' }) =>
          one(id, () => ({ type: 'tag', id: textIn(asked.json, 'id'), name: 'customer' })),
        'POST /tags': () => json(200, { type: 'tag', id: '2', name: textIn(asked.json, 'name') }),
        'GET /tags': () => json(200, { type: 'list', data: [{ type: 'tag', id: '1', name: 'customer' }] }),
        'POST /events': () => ({ status: 202 }),
      }) ??
      list(404, 'not_found', 'The requested resource was not found'),
    samples: samplesOf((mode) => ({ access_token: `sandbox-token-${mode}` })),
  }
}

function me(stem: string, nowMs: number): unknown {
  const [, region = 'us'] = /^(eu|au)/.exec(stem) ?? []
  return {
    type: 'admin',
    id: digitsOf(stem, 6),
    email: 'owner@sandbox.example',
    name: 'Ada Sandbox',
    email_verified: true,
    app: {
      type: 'app',
      id_code: `sandbox${digitsOf(stem, 4)}`,
      name: 'Sandbox workspace',
      created_at: Math.floor(nowMs / 1_000),
      secure: false,
      identity_verification: false,
      timezone: 'Europe/Stockholm',
      region: region.toUpperCase(),
    },
    avatar: { type: 'avatar', image_url: null },
    has_inbox_seat: true,
  }
}

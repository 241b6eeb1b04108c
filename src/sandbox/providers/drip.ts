// Stands in for Drip: OAuth tokens as bearers, and API tokens, which begin with `api_` here, as Basic.
import { samplesOf } from '../modes.ts'
import { basicOf, bearerOf, empty, json, route } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

const account = { id: '9999999', name: 'Sandbox Drip', url: 'https://sandbox.example' }

export function drip(): StandIn {
  const subscribers = shelf<{ readonly id: string; readonly email: string }>(1_000)

  function upsert({ json: body }: Asked): Reply {
    const [given]: unknown[] = Array.isArray(body?.subscribers) ? body.subscribers : []
    const email = typeof given === 'object' && given !== null && 'email' in given ? String(given.email) : ''
    if (email === '') return mistake(422, 'presence_error', 'Email is required')
    const known = subscribers.get(email) ?? { id: Buffer.from(email).toString('hex').slice(0, 20), email }
    subscribers.put(email, known)
    return json(200, { subscribers: [known] })
  }

  return {
    provider: 'drip',
    isFor: ({ host }) => host === 'api.getdrip.com',
    credential(asked) {
      const [bearer, basic] = [bearerOf(asked), basicOf(asked)?.user]
      if (bearer !== undefined) return isApiToken(bearer) ? 'rejected' : bearer
      return basic === undefined || isApiToken(basic) ? basic : 'rejected'
    },
    answer: (asked, shown) =>
      refusalOf(shown) ??
      route(asked, {
        'GET /v2/accounts': () => json(200, { accounts: [account] }),
        'GET /v2/user': () => json(200, { users: [{ email: 'owner@sandbox.example', name: 'Ada' }] }),
        'GET /v2/accounts/:id': ({ id }) =>
          id === account.id ? json(200, { accounts: [account] }) : notFound,
        'GET /v2/:account/subscribers': ({ account: id }) =>
          id === account.id
            ? json(200, { subscribers: subscribers.all(), meta: { total_pages: 1 } })
            : notFound,
        'POST /v2/:account/subscribers': ({ account: id }) => (id === account.id ? upsert(asked) : notFound),
        'POST /v2/:account/tags': ({ account: id }) => (id === account.id ? json(201, {}) : notFound),
        'DELETE /v2/:account/subscribers/:email/tags/:tag': ({ account: id }) =>
          id === account.id ? empty(204) : notFound,
        'POST /v2/:account/events': ({ account: id }) => (id === account.id ? empty(204) : notFound),
      }) ??
      notFound,
    samples: samplesOf((mode) => ({ api_account_id: account.id, access_token: `sandbox-${mode}` })),
    variants: {
      'API token': samplesOf((mode) => ({ api_account_id: account.id, access_token: `api_sandbox_${mode}` })),
    },
  }
}

const isApiToken = (token: string) => token.startsWith('api_')
const notFound = mistake(404, 'not_found_error', 'The resource you requested was not found')

function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected')
    return mistake(401, 'authentication_error', 'Authentication failed, check your credentials')
  if (mode === 'forbidden')
    return mistake(403, 'authorization_error', 'You are not authorized to access this resource')
  // Of another shape than all others.
  if (mode === 'ratelimited') {
    return json(
      429,
      {
        message: 'API rate limit exceeded. Please try again in an hour.',
        documentation: 'https://developer.drip.com',
      },
      {
        'x-ratelimit-limit': '3600',
        'x-ratelimit-remaining': '0',
      },
    )
  }
  return undefined
}

function mistake(status: number, code: string, message: string): Reply {
  return json(status, { errors: [{ code, message }] })
}

// Stands in for Kit, once ConvertKit: its v3 API with secrets in the query, and v4 with keys of its own.
import { digitsOf, samplesOf } from '../modes.ts'
import { json, route, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

const v4Key = /^kit_/

export function convertkit(): StandIn {
  const subscribers = shelf<{ readonly id: number; readonly email_address: string }>(1_000)

  function subscribe(email: string): Reply {
    const isNew = !subscribers.has(email)
    const subscriber = subscribers.get(email) ?? { id: Number(digitsOf(email, 8)), email_address: email }
    subscribers.put(email, subscriber)
    return json(isNew ? 201 : 200, { subscriber: { ...subscriber, state: 'active' } })
  }

  /** Whoever is not there yet is not tagged. */
  function tagged(email: string): Reply {
    const subscriber = subscribers.get(email)
    return subscriber ? json(201, { subscriber }) : json(404, { errors: ['Not Found'] })
  }

  function answerV3(asked: Asked, stem: string): Reply {
    const email = textIn(asked.json, 'email') || (asked.form.get('email') ?? '')
    return (
      route(asked, {
        'GET /v3/account': () =>
          asked.query.has('api_secret')
            ? json(200, {
                name: `Sandbox ${digitsOf(stem, 4)}`,
                primary_email_address: `${digitsOf(stem, 6)}@sandbox.example`,
              })
            : refusalV3,
        'GET /v3/forms': () => json(200, { forms: [] }),
        'GET /v3/tags': () => json(200, { tags: [{ id: 1, name: 'customer' }] }),
        'POST /v3/tags/:id/subscribe': () =>
          json(200, { subscription: { id: 1, state: 'active', subscriber: { email_address: email } } }),
      }) ?? json(404, { error: 'Not Found', message: 'The entity you were trying to find doesn’t exist' })
    )
  }

  function answerV4(asked: Asked, stem: string): Reply {
    return (
      route(asked, {
        'GET /v4/account': () =>
          json(200, {
            user: { email: `${digitsOf(stem, 6)}@sandbox.example` },
            account: {
              id: Number(digitsOf(stem, 6)),
              name: `Sandbox ${digitsOf(stem, 4)}`,
              primary_email_address: `${digitsOf(stem, 6)}@sandbox.example`,
            },
          }),
        'GET /v4/subscribers': () =>
          json(200, { subscribers: subscribers.all(), pagination: { has_next_page: false } }),
        'POST /v4/subscribers': () => subscribe(textIn(asked.json, 'email_address')),
        'POST /v4/tags': () => json(201, { tag: { id: 1, name: textIn(asked.json, 'name') } }),
        'POST /v4/tags/:id/subscribers': () => tagged(textIn(asked.json, 'email_address')),
        'POST /v4/tags/:id/subscribers/:subscriber': ({ subscriber }) =>
          tagged(subscribers.all().find(({ id }) => String(id) === subscriber)?.email_address ?? ''),
        'GET /v4/tags': () =>
          json(200, { tags: [{ id: 1, name: 'customer' }], pagination: { has_next_page: false } }),
      }) ?? json(404, { errors: ['Not Found'] })
    )
  }

  return {
    provider: 'convertkit',
    isFor: ({ host }) => host === 'api.convertkit.com' || host === 'api.kit.com',
    credential({ host, header, query, json: body }) {
      const isV4 = host === 'api.kit.com'
      const key = isV4
        ? header('x-kit-api-key')
        : (query.get('api_secret') ??
          query.get('api_key') ??
          (textIn(body, 'api_secret') || textIn(body, 'api_key') || undefined))
      // A key of one generation is none of the other.
      return key === undefined || v4Key.test(key) === isV4 ? key : 'rejected'
    },
    answer(asked, shown) {
      const isV4 = asked.host === 'api.kit.com'
      return refusalOf(shown, isV4) ?? (isV4 ? answerV4(asked, shown.stem) : answerV3(asked, shown.stem))
    },
    samples: samplesOf((mode) => ({
      api_key: 'sandbox000000000000000',
      secret_key: `sandbox-secret-${mode}`,
    })),
    variants: { v4: samplesOf((mode) => ({ secret_key: `kit_sandbox_${mode}`, generation: 'v4' })) },
  }
}

const refusalV3 = json(401, { error: 'Authorization Failed', message: 'API Key not valid' })

function refusalOf({ mode }: Shown, isV4: boolean): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected') {
    return isV4 ? json(401, { errors: ['The API key is invalid'] }) : refusalV3
  }
  if (mode === 'forbidden') {
    const words = 'You do not have sufficient permissions to access this resource'
    return json(403, isV4 ? { errors: [words] } : { error: 'Forbidden', message: words })
  }
  if (mode === 'ratelimited') {
    const words = 'Retry later'
    return json(429, isV4 ? { errors: [words] } : { error: 'Too Many Requests', message: words })
  }
  return undefined
}

// Stands in for Stripe.
import { hexOf, samplesOf } from '../modes.ts'
import { basicOf, bearerOf, json, route } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

type Thing = Readonly<Record<string, unknown>> & { readonly id: string }

export function stripe({ nowMs, newId }: Tools): StandIn {
  const customers = shelf<Thing>(1_000)
  const sessions = shelf<Thing>(1_000)
  const refunds = shelf<Thing>(1_000)
  /** POST requests that were answered, by their idempotency key. */
  const answered = shelf<{ body: string; reply: Reply }>(1_000)

  function made(
    kept: { put(id: string, thing: Thing): void },
    prefix: string,
    kind: string,
    asked: Asked,
  ): Reply {
    const id = `${prefix}_${newId().slice(0, 24)}`
    const given = Object.fromEntries(asked.form)
    const thing = {
      id,
      object: kind,
      created: Math.floor(nowMs() / 1_000),
      livemode: isLive(asked),
      ...given,
    }
    kept.put(id, thing)
    return json(200, thing)
  }

  function answerKnown(asked: Asked, stem: string): Reply {
    const livemode = isLive(asked)
    const amounts = [{ amount: 128_50, currency: 'sek', source_types: { card: 128_50 } }]
    const list = (url: string, data: unknown[]) => json(200, { object: 'list', url, has_more: false, data })
    const one = (thing: Thing | undefined, id: string) =>
      thing ? json(200, thing) : mistake(404, `No such object: '${id}'`, { code: 'resource_missing' })
    return (
      route(asked, {
        'GET /v1/balance': () =>
          json(200, { object: 'balance', available: amounts, pending: amounts, livemode }),
        'GET /v1/account': () =>
          json(200, {
            id: `acct_${hexOf(stem, 16)}`,
            object: 'account',
            email: 'owner@sandbox.example',
            charges_enabled: true,
            settings: {
              branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
              card_payments: { statement_descriptor_prefix: null },
              dashboard: { display_name: 'Sandbox shop', timezone: 'Europe/Stockholm' },
              payments: { statement_descriptor: 'SANDBOX' },
            },
          }),
        'GET /v1/charges': () => list('/v1/charges', []),
        'GET /v1/payment_intents': () => list('/v1/payment_intents', []),
        'GET /v1/customers': () => list('/v1/customers', customers.all().toReversed()),
        'POST /v1/customers': () => made(customers, 'cus', 'customer', asked),
        'GET /v1/customers/:id': ({ id = '' }) => one(customers.get(id), id),
        'POST /v1/checkout/sessions': () => made(sessions, 'cs_test', 'checkout.session', asked),
        'GET /v1/checkout/sessions/:id': ({ id = '' }) => one(sessions.get(id), id),
        'POST /v1/refunds': () =>
          asked.form.has('charge') || asked.form.has('payment_intent')
            ? made(refunds, 're', 'refund', asked)
            : mistake(400, 'One of the following params should be provided: charge or payment_intent.'),
      }) ?? mistake(404, `Unrecognized request URL (${asked.method}: ${asked.path}).`)
    )
  }

  function once(asked: Asked, stem: string): Reply {
    const key = asked.header('idempotency-key')
    if (asked.method !== 'POST' || key === undefined) return answerKnown(asked, stem)
    const name = `${stem} ${key}`
    const body = `${asked.path} ${asked.body.toString()}`
    const known = answered.get(name)
    if (known && known.body !== body) {
      return mistake(400, 'Keys for idempotent requests can only be used with the same parameters.', {
        type: 'idempotency_error',
      })
    }
    if (known) return { ...known.reply, headers: { ...known.reply.headers, 'idempotent-replayed': 'true' } }
    const reply = answerKnown(asked, stem)
    answered.put(name, { body, reply })
    return reply
  }

  return {
    provider: 'stripe',
    isFor: ({ host }) => host === 'api.stripe.com',
    credential: (asked) => bearerOf(asked) ?? basicOf(asked)?.user,
    // As the first document's samples have it.
    alsoValid: ['secret_key'],
    answer: (asked, shown) => refusalOf(asked, shown) ?? once(asked, shown.stem),
    samples: samplesOf((mode) => ({
      publishable_key: 'pk_test_sandbox0000000000000',
      secret_key: `${mode === 'forbidden' ? 'rk' : 'sk'}_test_sandbox0000000000000${mode}`,
    })),
  }
}

function refusalOf(asked: Asked, { mode }: Shown): Reply | undefined {
  if (mode === 'absent') return mistake(401, 'You did not provide an API key.')
  // It is known to repeat keys that look like none whole.
  if (mode === 'rejected') return mistake(401, `Invalid API Key provided: ${bearerOf(asked)}`)
  if (mode === 'forbidden') {
    return mistake(
      403,
      `The provided key '${bearerOf(asked)}' does not have the required permissions for this endpoint.`,
    )
  }
  if (mode === 'ratelimited')
    return mistake(429, 'Too many requests hit the API too quickly.', { code: 'rate_limit' })
  return undefined
}

function mistake(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  return json(status, { error: { type: 'invalid_request_error', message, ...more } })
}

function isLive(asked: Asked): boolean {
  return /^[a-z]+_live_/.test(bearerOf(asked) ?? basicOf(asked)?.user ?? '')
}

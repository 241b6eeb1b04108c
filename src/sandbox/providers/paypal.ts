// Stands in for PayPal, live and sandbox: tokens for client credentials, and orders.
import { samplesOf } from '../modes.ts'
import { oauthTokens } from '../oauth-tokens.ts'
import { basicOf, bearerOf, json, route } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

const live = 'api-m.paypal.com'
const test = 'api-m.sandbox.paypal.com'

type Order = { readonly id: string; readonly intent: string; readonly status: string }

export function paypal(tools: Tools): StandIn {
  const { newId } = tools
  const tokens = oauthTokens(tools, 'A21AA')
  const orders = shelf<Order>(1_000)

  function grant(asked: Asked, { mode, stem }: Shown): Reply {
    const clientId = basicOf(asked)?.user ?? ''
    // An app that says where it was made is unknown on the other side.
    const isElsewhere = (asked.host === test ? /^live_/ : /^sandbox_/).test(clientId)
    if (mode === 'absent' || mode === 'rejected' || isElsewhere) {
      return json(401, { error: 'invalid_client', error_description: 'Client Authentication failed' })
    }
    if (mode === 'forbidden') {
      return json(403, {
        error: 'unauthorized_client',
        error_description: 'The client is not authorized to use the requested grant type.',
      })
    }
    if (mode === 'ratelimited') return mistake(429, 'RATE_LIMIT_REACHED', 'Too many requests.')
    if (asked.form.get('grant_type') !== 'client_credentials') {
      return json(400, { error: 'unsupported_grant_type', error_description: 'unsupported grant_type' })
    }
    const { token, expiresInS } = tokens.issue(stem, 'valid')
    return json(200, {
      scope: 'https://uri.paypal.com/services/checkout/one-click-with-merchant-issued-token',
      access_token: token,
      token_type: 'Bearer',
      app_id: 'APP-80W284485P519543T',
      expires_in: expiresInS,
      nonce: newId(),
    })
  }

  function createOrder({ json: body }: Asked): Reply {
    const intent = body?.intent
    if (intent !== 'CAPTURE' && intent !== 'AUTHORIZE')
      return mistake(400, 'INVALID_REQUEST', 'intent is required.')
    const order = { id: newId().slice(0, 17).toUpperCase(), intent, status: 'CREATED' }
    orders.put(order.id, order)
    return json(201, {
      ...order,
      links: [
        { href: `https://www.paypal.com/checkoutnow?token=${order.id}`, rel: 'approve', method: 'GET' },
      ],
    })
  }

  const ofOrder = (id: string, show: (order: Order) => Reply) => {
    const order = orders.get(id)
    return order ? show(order) : mistake(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.')
  }

  return {
    provider: 'paypal',
    isFor: ({ host }) => host === live || host === test,
    credential: (asked) => (isTokenAddress(asked) ? basicOf(asked)?.password : bearerOf(asked)),
    answer(asked, shown) {
      if (isTokenAddress(asked)) return asked.method === 'POST' ? grant(asked, shown) : { status: 405 }
      if (shown.mode !== 'valid' || tokens.isOver(bearerOf(asked) ?? '')) {
        return mistake(
          401,
          'AUTHENTICATION_FAILURE',
          'Authentication failed due to missing authorization header, or invalid authentication credentials.',
        )
      }
      return (
        route(asked, {
          'POST /v2/checkout/orders': () => createOrder(asked),
          'GET /v2/checkout/orders/:id': ({ id = '' }) => ofOrder(id, (order) => json(200, order)),
          'POST /v2/checkout/orders/:id/capture': ({ id = '' }) =>
            ofOrder(id, () =>
              json(422, {
                name: 'UNPROCESSABLE_ENTITY',
                details: [{ issue: 'ORDER_NOT_APPROVED' }],
                debug_id: newId().slice(0, 13),
              }),
            ),
          'GET /v1/reporting/transactions': () =>
            json(200, { transaction_details: [], total_items: 0, page: 1 }),
        }) ?? mistake(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.')
      )
    },
    samples: samplesOf((mode) => ({
      client_id: `sandbox_${'A'.repeat(72)}`,
      client_secret: `sandbox-secret-of-the-app-${mode.padStart(20, '0')}`,
      environment: 'sandbox',
    })),
  }

  function mistake(status: number, name: string, message: string): Reply {
    return json(status, { name, message, debug_id: newId().slice(0, 13), details: [], links: [] })
  }
}

const isTokenAddress = ({ path }: Asked) => path === '/v1/oauth2/token'

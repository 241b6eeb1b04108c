// Stands in for AWeber: OAuth 1.0a with signatures that are checked, and OAuth 2 with refresh tokens for one use.
import { derivedSecret, digitsOf, modeOf, samplesOf } from '../modes.ts'
import { oauthTokens } from '../oauth-tokens.ts'
import { basicOf, bearerOf, json, objectIn, route, textIn, textsIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import { isSignedByOauth1, readOauth1 } from '../signatures/oauth1.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

const skewS = 600
const client = 'AzSandboxClient000000000'

export function aweber(tools: Tools): StandIn {
  const tokens = oauthTokens(tools, 'aw_')
  const nonces = shelf<true>(10_000)
  const subscribers = shelf<Readonly<Record<string, unknown>>>(1_000)

  function grant(asked: Asked): Reply {
    const client = basicOf(asked)
    const isKnown = client && client.password === derivedSecret(decodeURIComponent(client.user), 'hex')
    return isKnown ? tokens.refresh(asked) : json(401, { error: 'invalid_client' })
  }

  /** What is wrong with the way in which a request shows who it is from. */
  function mistakeIn(asked: Asked): Reply | undefined {
    const bearer = bearerOf(asked)
    if (bearer !== undefined) return tokens.isOver(bearer) ? refusal(401, 'Invalid token.') : undefined
    const given = readOauth1(asked)
    if (!given) return refusal(400, 'Missing required parameter: oauth_consumer_key', 'BadRequestError')
    const { oauth_consumer_key: consumer = '', oauth_token: token = '', oauth_nonce: nonce = '' } = given
    if (modeOf(consumer).mode === 'rejected' && consumer.endsWith('rejected')) {
      return refusal(401, 'Consumer key is invalid.')
    }
    const ageS = Math.abs(tools.nowMs() / 1_000 - Number(given.oauth_timestamp))
    if (!(ageS < skewS) || nonces.has(nonce) || nonce === '')
      return refusal(401, 'Invalid nonce or timestamp.')
    nonces.put(nonce, true)
    const secrets = { consumer: derivedSecret(consumer, 'hex'), token: derivedSecret(token, 'hex') }
    return isSignedByOauth1(asked, given, secrets) ? undefined : refusal(401, 'Invalid signature.')
  }

  function subscribe(asked: Asked, list: string): Reply {
    const email = textIn(asked.json, 'email') || (asked.form.get('email') ?? '')
    if (email === '') return refusal(400, 'email: Required input is missing', 'WebServiceError')
    const id = digitsOf(email, 8)
    const self_link = `https://api.aweber.com${asked.path}/${id}`
    subscribers.put(`${list}/${id}`, { id: Number(id), email, self_link, tags: [] })
    return { status: 201, headers: { location: self_link } }
  }

  /** Of tags, what is added and removed; other members are set. */
  function change({ json: body = {} }: Asked, name: string): Reply {
    const known = subscribers.get(name)
    if (!known) return refusal(404, 'Object: not found', 'NotFoundError')
    const { add, remove } = objectIn(body.tags)
    const [added, removed, before] = [textsIn(add), textsIn(remove), textsIn(known.tags)]
    const tags = [...new Set([...before, ...added])].filter((tag) => !removed.includes(tag))
    const changed = { ...known, ...body, tags }
    subscribers.put(name, changed)
    return json(209, changed)
  }

  return {
    provider: 'aweber',
    isFor: ({ host }) => host === 'api.aweber.com' || host === 'auth.aweber.com',
    credential(asked) {
      if (asked.host === 'auth.aweber.com') return asked.form.get('refresh_token') ?? undefined
      return bearerOf(asked) ?? readOauth1(asked)?.oauth_token
    },
    answer(asked, shown) {
      if (asked.host === 'auth.aweber.com') {
        const isToken = asked.method === 'POST' && asked.path === '/oauth2/token'
        return isToken ? grant(asked) : json(404, { error: 'not_found' })
      }
      const id = digitsOf(stemOf(shown), 7)
      const account = { id: Number(id), self_link: `https://api.aweber.com/1.0/accounts/${id}` }
      const lists = [{ id: 1, name: 'awlist1', self_link: `${account.self_link}/lists/1` }]
      return (
        mistakeIn(asked) ??
        refusalOf(shown) ??
        route(asked, {
          'GET /1.0/accounts': () => json(200, { entries: [account], start: 0, total_size: 1 }),
          'GET /1.0/accounts/:id/lists': () => json(200, { entries: lists, start: 0, total_size: 1 }),
          'POST /1.0/accounts/:id/lists/:list/subscribers': ({ list = '' }) => subscribe(asked, list),
          'GET /1.0/accounts/:id/lists/:list/subscribers': () => {
            const email = asked.query.get('email')
            const found = subscribers.all().filter((one) => email === null || one.email === email)
            return json(200, { entries: found, start: 0, total_size: found.length })
          },
          'PATCH /1.0/accounts/:id/lists/:list/subscribers/:subscriber': ({ list, subscriber }) =>
            change(asked, `${list}/${subscriber}`),
        }) ??
        refusal(404, 'Object: not found', 'NotFoundError')
      )
    },
    samples: samplesOf((mode) => {
      const [consumer_key, access_token] = ['AzSandboxConsumer0000000', `ASandbox00000000${mode}`]
      return {
        consumer_key,
        consumer_secret: derivedSecret(consumer_key, 'hex'),
        access_token,
        access_token_secret: derivedSecret(access_token, 'hex'),
      }
    }),
    variants: {
      'OAuth 2': samplesOf((mode) => ({
        consumer_key: client,
        consumer_secret: derivedSecret(client, 'hex'),
        refresh_token: `sandbox-refresh-${mode}`,
      })),
    },
  }
}

/** Of a token that was had here, what it was had with. */
function stemOf({ stem }: Shown): string {
  return stem.replace(/^aw_/, '').split('~')[0] ?? ''
}

/** Too many requests have no status of their own. */
function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected') return refusal(401, 'Invalid token.')
  if (mode === 'forbidden') return refusal(403, 'Method requires access to this account.', 'ForbiddenError')
  if (mode === 'ratelimited') return refusal(403, 'Rate Limit Error', 'ForbiddenError')
  return undefined
}

function refusal(status: number, message: string, type = 'UnauthorizedError'): Reply {
  return json(status, {
    error: { status, message, type, documentation_url: 'https://api.aweber.com/#tag/Troubleshooting' },
  })
}

// Stands in for Google Analytics: the Admin and Data APIs, and the token address with refresh tokens for one use.
import { derivedSecret, digitsOf, samplesOf } from '../modes.ts'
import { oauthTokens } from '../oauth-tokens.ts'
import { bearerOf, json, route } from '../replies.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

const admin = 'analyticsadmin.googleapis.com'
const data = 'analyticsdata.googleapis.com'
const client = 'sandbox.apps.googleusercontent.com'
const tokenHost = 'oauth2.googleapis.com'
const scope = 'https://www.googleapis.com/auth/analytics.readonly'

export function googleAnalytics(tools: Tools): StandIn {
  const tokens = oauthTokens(tools, 'ya29.')

  function grant(asked: Asked): Reply {
    const { form } = asked
    const clientId = form.get('client_id') ?? ''
    const isKnown = clientId !== '' && form.get('client_secret') === derivedSecret(clientId, 'hex')
    if (!isKnown)
      return json(401, { error: 'invalid_client', error_description: 'The OAuth client was not found.' })
    return tokens.refresh(asked, { scope })
  }

  return {
    provider: 'google_analytics',
    isFor: ({ host }) => [admin, data, tokenHost].includes(host),
    credential: (asked) =>
      asked.host === tokenHost ? (asked.form.get('refresh_token') ?? undefined) : bearerOf(asked),
    answer(asked, shown) {
      if (asked.host === tokenHost) {
        const isToken = asked.method === 'POST' && asked.path === '/token'
        return isToken ? grant(asked) : mistake(404, 'NOT_FOUND', 'Not found.')
      }
      if (tokens.isOver(bearerOf(asked) ?? '')) return refusalOf({ mode: 'rejected' }) ?? { status: 401 }
      const id = accountOf(shown)
      return (
        refusalOf(shown) ??
        (asked.host === admin ? answerAdmin(asked, id) : answerData(asked)) ??
        mistake(404, 'NOT_FOUND', 'Requested entity was not found.')
      )
    },
    samples: samplesOf((mode) => ({
      api_account_id: digitsOf('sandbox-', 9),
      web_property_id: 'G-SANDBOX001',
      access_token: `ya29.sandbox-${mode}`,
    })),
    variants: {
      refreshed: samplesOf((mode) => ({
        web_property_id: 'G-SANDBOX001',
        refresh_token: `sandbox-refresh-${mode}`,
        client_id: client,
        client_secret: derivedSecret(client, 'hex'),
      })),
    },
  }
}

/** Of a token that was had here, the account of what it was had with. */
function accountOf({ stem }: Shown): string {
  return digitsOf(stem.replace(/^ya29\./, '').split('~')[0] ?? '', 9)
}

function answerAdmin(asked: Asked, id: string): Reply | undefined {
  return route(asked, {
    'GET /v1beta/accountSummaries': () =>
      json(200, {
        accountSummaries: [
          {
            name: `accountSummaries/${id}`,
            account: `accounts/${id}`,
            displayName: 'Sandbox site',
            propertySummaries: [{ property: 'properties/123456789', displayName: 'sandbox.example' }],
          },
        ],
      }),
    'GET /v1beta/properties/:id/dataStreams': ({ id: property }) =>
      json(200, {
        dataStreams: [
          {
            name: `properties/${property}/dataStreams/1`,
            type: 'WEB_DATA_STREAM',
            webStreamData: { measurementId: 'G-SANDBOX001', defaultUri: 'https://sandbox.example' },
          },
        ],
      }),
  })
}

function answerData(asked: Asked): Reply | undefined {
  const isReport = asked.method === 'POST' && /^\/v1beta\/properties\/\d+:runReport$/.test(asked.path)
  if (!isReport) return undefined
  return json(200, {
    dimensionHeaders: [],
    metricHeaders: [{ name: 'activeUsers' }],
    rows: [{ metricValues: [{ value: '42' }] }],
    rowCount: 1,
  })
}

/** Quotas of the Admin API are told as a lack of permission. */
function refusalOf({ mode }: Pick<Shown, 'mode'>): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected') {
    return mistake(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
  }
  if (mode === 'forbidden')
    return mistake(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.')
  if (mode === 'ratelimited') {
    return mistake(
      403,
      'PERMISSION_DENIED',
      "Quota exceeded for quota metric 'Requests' of service 'analyticsadmin.googleapis.com'.",
    )
  }
  return undefined
}

function mistake(code: number, status: string, message: string): Reply {
  return json(code, { error: { code, message, status } })
}

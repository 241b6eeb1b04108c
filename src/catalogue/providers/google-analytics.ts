// Google Analytics: measuring visits.
import type { Ask, Values } from '../api.ts'
import { added, defineProvider, secret, text } from '../define.ts'
import { escapeHtml, scriptString } from '../snippets/escaping.ts'
import { degraded, healthy, rateLimited, refusal, textAt, type Verdict, valueAt } from '../verdict.ts'

export const googleAnalytics = defineProvider({
  name: 'google_analytics',
  type: 'IntegrationGoogleAnalytics',
  integrationType: 'analytics',
  title: 'Google Analytics',
  lifecycle: {
    state: 'current',
    note: 'Google Analytics 4 only: Universal Analytics was shut on 2024-07-01, so UA-… ids are obsolete.',
  },
  auth: 'oauth2_refresh',
  api: {
    services: {
      admin: { base: () => 'https://analyticsadmin.googleapis.com' },
      data: { base: () => 'https://analyticsdata.googleapis.com' },
    },
    credential: (values) => ({ kind: 'bearer', token: values.get('access_token') }),
    tokens: {
      fields: { accessToken: 'access_token', refreshToken: 'refresh_token', expiresAt: 'expires_at' },
      grant: (values) =>
        ['refresh_token', 'client_id', 'client_secret'].some((field) => values.find(field) === undefined)
          ? undefined
          : {
              kind: 'refresh_token',
              tokenUrl: 'https://oauth2.googleapis.com/token',
              clientId: values.get('client_id'),
              clientSecret: values.get('client_secret'),
              clientAuth: 'form',
            },
    },
    verify,
  },
  fields: {
    api_account_id: text({
      title: 'Account id',
      help: 'Google Analytics, Admin, Account details: the digits of the account id.',
      likelyPattern: '^\\d+$',
    }),
    web_property_id: text({
      title: 'Measurement id',
      help: 'Google Analytics, Admin, Data streams, the web stream: the id that begins with G-. An old UA-… id is kept but no longer measures.',
      likelyPattern: '^(G-[A-Z0-9]+|UA-\\d+-\\d+)$',
      examples: ['G-XXXXXXXXXX'],
    }),
    access_token: secret({
      title: 'Access token',
      help: 'The OAuth 2 access token of the Google user, with the scope analytics.readonly. It lives for about an hour.',
      likelyPattern: '^ya29\\.',
    }),
    refresh_token: secret({
      title: 'Refresh token',
      help: 'Google gives it with the first access token, if the app asks for access_type=offline and prompt=consent.',
    }),
    client_id: added(
      text({
        title: 'OAuth client id',
        help: 'Google Cloud console, Credentials: the OAuth client that the tokens were made with. Refreshing needs it.',
        likelyPattern: '\\.apps\\.googleusercontent\\.com$',
      }),
    ),
    client_secret: added(
      secret({
        title: 'OAuth client secret',
        help: 'Google Cloud console, Credentials: the secret of that OAuth client.',
      }),
    ),
    expires_at: added(
      text({
        title: 'Access token expires at',
        help: 'When the access token ends, in UTC.',
        likelyPattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
        examples: ['2026-11-30T12:00:00.000000Z'],
      }),
    ),
    property_id: added(
      text({
        title: 'Property id',
        help: 'Google Analytics, Admin, Property details: the numeric id of the GA4 property, which reports are asked for by.',
        likelyPattern: '^(properties/)?\\d+$',
        examples: ['123456789'],
      }),
    ),
  },
  snippet: {
    needs: ['web_property_id'],
    make({ web_property_id: id }) {
      const origin = 'https://www.googletagmanager.com'
      return {
        html: [
          `<script async src="${escapeHtml(`${origin}/gtag/js?id=${encodeURIComponent(id)}`)}"></script>`,
          '<script>',
          'window.dataLayer = window.dataLayer || [];',
          'function gtag() { dataLayer.push(arguments); }',
          "gtag('js', new Date());",
          `gtag('config', ${scriptString(id)});`,
          '</script>',
        ].join('\n'),
        hosts: [origin],
        warnings: /^UA-/i.test(id)
          ? [
              'web_property_id is of Universal Analytics, which was shut on 2024-07-01: this snippet measures nothing. Put the measurement id of a web stream there, which begins with G-.',
            ]
          : [],
      }
    },
  },
})

async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const wanted = values.find('api_account_id')
  const pageSize = wanted === undefined ? 1 : 200
  const answer = await ask({ path: `/v1beta/accountSummaries?pageSize=${pageSize}` })
  const state = textAt(answer.json, 'error', 'status')
  const message = textAt(answer.json, 'error', 'message') ?? ''
  // Its quotas are told as a lack of permission.
  if (answer.status === 403 && (state === 'RESOURCE_EXHAUSTED' || /quota|rate limit/i.test(message))) {
    return rateLimited(answer)
  }
  if (answer.status === 403) {
    return degraded(
      'Google knows this token, but the Analytics Admin API is not enabled for it, or its scope or role is missing. Enable the API, and connect the account with the scope analytics.readonly.',
    )
  }
  const refused = refusal(answer, 'Google')
  if (refused) return refused
  const found = valueAt(answer.json, 'accountSummaries')
  const summaries: unknown[] = Array.isArray(found) ? found : []
  const summary = summaries.find(
    (one) => wanted === undefined || textAt(one, 'account') === `accounts/${wanted}`,
  )
  if (summary === undefined) {
    return degraded(
      wanted === undefined
        ? 'The token is valid, but its user sees no Analytics account. Give that user a role.'
        : 'The token is valid, but its user does not see the account of this id. Check the id, or give that user a role.',
    )
  }
  const identity = textAt(summary, 'account') ?? null
  const known = { identity, account: textAt(summary, 'displayName') ?? identity }
  if (/^UA-/i.test(values.find('web_property_id') ?? '')) {
    return degraded(
      'The token is valid, but ids that begin with UA- are obsolete: give one that begins with G-.',
      known,
    )
  }
  return healthy(known)
}

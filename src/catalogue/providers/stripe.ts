// Stripe: payments.
import type { Ask, Values } from '../api.ts'
import { defineProvider, secret, text } from '../define.ts'
import { scriptString } from '../snippets/escaping.ts'
import { degraded, healthy, refusal, textAt, type Verdict } from '../verdict.ts'

export const stripe = defineProvider({
  name: 'stripe',
  type: 'IntegrationStripe',
  integrationType: 'payment',
  title: 'Stripe',
  lifecycle: { state: 'current' },
  auth: 'bearer',
  api: {
    services: { api: { base: () => 'https://api.stripe.com' } },
    credential: (values) => ({ kind: 'bearer', token: values.get('secret_key') }),
    verify,
  },
  fields: {
    publishable_key: text({
      title: 'Publishable key',
      help: 'Stripe Dashboard, Developers, API keys: the key that begins with pk_. It may be shown in browsers.',
      likelyPattern: '^pk_(test|live)_[A-Za-z0-9]{20,247}$',
      examples: ['pk_test_…'],
    }),
    secret_key: secret({
      title: 'Secret key',
      help: 'Stripe Dashboard, Developers, API keys: a restricted key (rk_…) with what you need, or the secret key (sk_…).',
      likelyPattern: '^(sk|rk)_(test|live)_[A-Za-z0-9]{20,247}$',
      examples: ['rk_test_…'],
    }),
  },
  snippet: {
    needs: ['publishable_key'],
    make({ publishable_key: key }) {
      if (/^(sk|rk)_/.test(key)) {
        const told =
          'This holds a secret key (sk_… or rk_…), which a page would show to everybody. Put the key that begins with pk_ here, and roll the secret one.'
        return { refused: new Map([['publishable_key', [told]]]) }
      }
      return {
        html: [
          '<script src="https://js.stripe.com/dahlia/stripe.js"></script>',
          '<script>',
          `var stripe = Stripe(${scriptString(key)});`,
          '</script>',
        ].join('\n'),
        hosts: ['https://js.stripe.com'],
        warnings: key.startsWith('pk_test_')
          ? ['This is a test key: no real payment can be made with it.']
          : [],
      }
    },
  },
})

/** The balance is what nearly every key may read; the account's name is told to fewer. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const balance = await ask({ path: '/v1/balance' })
  const mode = modeOf(values.get('secret_key'))
  if (balance.status === 403) {
    return degraded(
      'Stripe knows this restricted key, but it may not read the balance. Allow it what you need.',
      {
        mode,
      },
    )
  }
  const refused = refusal(balance, 'Stripe')
  if (refused) return refused
  const account = await ask({ path: '/v1/account' })
  const identity = account.status === 200 ? (textAt(account.json, 'id') ?? null) : null
  const name = textAt(account.json, 'settings', 'dashboard', 'display_name') ?? textAt(account.json, 'email')
  const known = {
    identity,
    account: identity === null ? null : (name ?? identity),
    mode: textAt(balance.json, 'livemode') === 'true' ? 'live' : 'test',
  } as const
  const publishable = values.find('publishable_key')
  const other = publishable === undefined ? null : modeOf(publishable)
  if (other !== null && other !== known.mode) {
    return degraded(
      `The secret key is a ${known.mode} key, and the publishable key a ${other} key. Give two of one mode.`,
      known,
    )
  }
  return healthy(known)
}

function modeOf(key: string): 'test' | 'live' | null {
  const [, mode] = /^[a-z]+_(test|live)_/.exec(key) ?? []
  return mode === 'test' || mode === 'live' ? mode : null
}

// Stripe: payments.
import { defineProvider, secret, text } from '../define.ts'
import { scriptString } from '../snippets/escaping.ts'

export const stripe = defineProvider({
  name: 'stripe',
  type: 'IntegrationStripe',
  integrationType: 'payment',
  title: 'Stripe',
  lifecycle: { state: 'current' },
  auth: 'bearer',
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

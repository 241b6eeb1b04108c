// Stripe: payments.
import { defineProvider, secret, text } from '../define.ts'

export const stripe = defineProvider({
  name: 'stripe',
  type: 'IntegrationStripe',
  integrationType: 'payment',
  title: 'Stripe',
  lifecycle: { state: 'current' },
  auth: 'bearer',
  hasSnippet: true,
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
})

// WishList Member: memberships on a WordPress site.
import type { Ask, Values } from '../api.ts'
import { defineProvider, secret, text } from '../define.ts'
import { siteOf } from '../site.ts'
import { healthy, refusal, rejected, textAt, type Verdict } from '../verdict.ts'

export const wishlist = defineProvider({
  name: 'wishlist',
  type: 'IntegrationWishlist',
  integrationType: 'membership',
  title: 'WishList Member',
  lifecycle: { state: 'current' },
  auth: 'handshake',
  api: {
    services: { site: { base: (values) => siteOf(values, 'endpoint') } },
    credential: (values) => ({ kind: 'wishlist', apiKey: values.get('api_key') }),
    verify,
  },
  fields: {
    endpoint: text({
      isOrigin: true,
      title: 'Site URL',
      help: 'The address of the WordPress site with the plugin, with its folder if it has one.',
      likelyPattern: '^https://',
      examples: ['https://example.com/members/'],
    }),
    api_key: secret({
      title: 'API key',
      help: 'WordPress, WishList Member, Advanced Options, API; in older versions Settings, Miscellaneous.',
    }),
  },
})

/** The handshake that every request begins with proves the key; the levels show that its cookies arrive. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const answer = await ask({ path: '/?/wlmapi/2.0/json/levels' })
  if (textAt(answer.json, 'ERROR_CODE') === '65536') {
    return rejected(
      'The site accepts the key but forgets it at once: a page cache or firewall takes the cookies away. Allow /wlmapi/ there.',
    )
  }
  const refused = refusal(answer, 'WishList Member')
  if (refused) return refused
  const site = siteOf(values, 'endpoint')
  return healthy({ identity: site, account: new URL(site).host })
}

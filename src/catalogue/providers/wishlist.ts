// WishList Member: memberships on a WordPress site.
import { defineProvider, secret, text } from '../define.ts'

export const wishlist = defineProvider({
  name: 'wishlist',
  type: 'IntegrationWishlist',
  integrationType: 'membership',
  title: 'WishList Member',
  lifecycle: { state: 'current' },
  auth: 'handshake',
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

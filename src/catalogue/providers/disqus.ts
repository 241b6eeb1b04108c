// Disqus: comments on pages.
import { defineProvider, text } from '../define.ts'

export const disqus = defineProvider({
  name: 'disqus',
  type: 'IntegrationDisqus',
  integrationType: 'comments',
  title: 'Disqus',
  lifecycle: { state: 'current' },
  auth: 'none',
  hasSnippet: true,
  never: { proxy: 'Its one field names a forum: there is no key to call the API of Disqus with.' },
  fields: {
    forum_shortname: text({
      title: 'Forum shortname',
      help: 'Disqus Admin, Settings, General: the shortname of the site, the first part of its disqus.com address.',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
      likelyPattern: '^[a-z0-9](-?[a-z0-9])*$',
      examples: ['my-product'],
    }),
  },
})

// HTML: a block of markup for a page, with no provider behind it.
import { membersOf } from '../../hub/json-text.ts'
import { defineProvider, object, text } from '../define.ts'

export const html = defineProvider({
  name: 'html',
  type: 'IntegrationHtml',
  integrationType: 'html',
  title: 'HTML',
  lifecycle: { state: 'current' },
  auth: 'none',
  never: {
    verify: 'There is nobody to ask: it is markup of your own.',
    proxy: 'There is no API behind it: it is markup of your own.',
  },
  fields: {
    html: text({
      title: 'HTML',
      help: 'The block as it is pasted into a page: a form, an embed or a pixel. Where it says {{ name }}, the snippet for pages has the parameter of that name, and {{ url }} is the URL below.',
    }),
    params: object({
      title: 'Parameters',
      help: 'The parameters inside the HTML code, name to value. They are shown, so no tokens belong here.',
    }),
    url: text({
      title: 'URL',
      help: 'The address inside the HTML code, such as the action of its form or the source of its script.',
      likelyPattern: '^https?://',
      examples: ['https://example.com/subscribe'],
    }),
  },
  snippet: {
    needs: ['html'],
    async make({ html, params, url }) {
      // What it stands on is large, and most processes never make a snippet.
      const { fillHtml } = await import('../snippets/fill.ts')
      return fillHtml(html, { params: params && membersOf(params.text), url })
    },
  },
})

// Disqus: comments on pages.
import type { Ask, Values } from '../api.ts'
import { defineProvider, text } from '../define.ts'
import { scriptString } from '../snippets/escaping.ts'
import { healthy, rateLimited, rejected, unreachable, type Verdict } from '../verdict.ts'

export const disqus = defineProvider({
  name: 'disqus',
  type: 'IntegrationDisqus',
  integrationType: 'comments',
  title: 'Disqus',
  lifecycle: { state: 'current' },
  auth: 'none',
  never: { proxy: 'Its one field names a forum: there is no key to call the API of Disqus with.' },
  api: {
    services: {
      embed: { base: (values) => `https://${values.get('forum_shortname').toLowerCase()}.disqus.com` },
    },
    credential: () => ({ kind: 'none' }),
    verify,
  },
  fields: {
    forum_shortname: text({
      title: 'Forum shortname',
      help: 'Disqus Admin, Settings, General: the shortname of the site, the first part of its disqus.com address.',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
      likelyPattern: '^[a-z0-9](-?[a-z0-9])*$',
      examples: ['my-product'],
    }),
  },
  snippet: {
    needs: ['forum_shortname'],
    make({ forum_shortname }, { url, identifier, title }) {
      const origin = `https://${forum_shortname.toLowerCase()}.disqus.com`
      const said = Object.entries({ url, identifier, title }).flatMap(([name, value]) =>
        value === undefined ? [] : [`  this.page.${name} = ${scriptString(value)};`],
      )
      return {
        html: [
          '<div id="disqus_thread"></div>',
          ...(said.length > 0
            ? ['<script>', 'var disqus_config = function () {', ...said, '};', '</script>']
            : []),
          `<script async src="${origin}/embed.js"></script>`,
        ].join('\n'),
        hosts: [origin],
        warnings:
          url !== undefined && identifier !== undefined
            ? []
            : [
                'Without both ?url= and ?identifier= Disqus goes by the address in the browser: the same page under two addresses gets two threads.',
              ],
      }
    },
  },
})

/** Without a key, all that can be asked is whether the forum's own script is there. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const answer = await ask({ path: '/count.js' })
  const { status } = answer
  if (status === 404) return rejected('Disqus knows no forum of this shortname. Check the shortname.')
  if (status === 429) return rateLimited(answer)
  if (status >= 400)
    return unreachable(
      `Disqus answers ${status}, which tells nothing about the forum. It is asked again later.`,
    )
  // A forum sends its script, or to where Disqus keeps it.
  const leadsTo = URL.parse(answer.header('location') ?? '')?.hostname ?? ''
  const isScript =
    status < 300
      ? answer.header('content-type')?.includes('javascript') === true
      : /(^|\.)disqus(cdn)?\.com$/.test(leadsTo)
  if (!isScript) return unreachable('What answers there is no script of Disqus. It is asked again later.')
  const forum = values.get('forum_shortname')
  return healthy({ account: forum, identity: forum.toLowerCase() })
}

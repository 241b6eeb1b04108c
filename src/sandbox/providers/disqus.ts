// Stands in for Disqus: forums by their subdomains, and the one method of its API that a public key may call.
import { samplesOf } from '../modes.ts'
import { json, text } from '../replies.ts'
import type { Asked, Reply, StandIn } from '../stand-in.ts'

const forumHost = /^([a-z0-9-]+)\.disqus\.com$/

export function disqus(): StandIn {
  return {
    provider: 'disqus',
    isFor: ({ host }) => host === 'disqus.com' || forumHost.test(host),
    credential: ({ host, query }) =>
      host === 'disqus.com' ? (query.get('api_key') ?? undefined) : forumHost.exec(host)?.[1],
    answer(asked, { mode }) {
      if (asked.host === 'disqus.com') return answerApi(asked, mode)
      if (mode === 'ratelimited') return text(429, 'Too Many Requests')
      if (mode !== 'valid') return text(404, 'Not Found', 'text/html')
      const isScript = asked.path === '/count.js' || asked.path === '/embed.js'
      // A forum that is there sends its visitors to the content network.
      return isScript
        ? { status: 302, headers: { location: `https://c.disquscdn.com${asked.path}` } }
        : text(404, 'Not Found', 'text/html')
    },
    samples: samplesOf((mode) => ({ forum_shortname: `sandbox-${mode}` }), {
      forbidden: {
        none: 'There is no credential that could be forbidden anything: a forum is there, or it is not.',
      },
    }),
  }
}

function answerApi({ path, query }: Asked, mode: string): Reply {
  if (mode === 'ratelimited')
    return json(429, { code: 13, response: 'You have exceeded your hourly limit of requests' })
  if (mode === 'forbidden') return json(403, { code: 12, response: 'You do not have enough privileges' })
  if (mode !== 'valid') return json(403, { code: 5, response: 'Invalid API key' })
  if (path !== '/api/3.0/forums/details.json')
    return json(404, { code: 1, response: 'Endpoint does not exist' })
  const forum = query.get('forum')
  return forum === null
    ? json(400, { code: 2, response: "Missing required argument 'forum'" })
    : json(200, { code: 0, response: { id: forum, name: `Forum ${forum}` } })
}

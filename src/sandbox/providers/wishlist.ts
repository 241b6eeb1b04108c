// Stands in for a WordPress site with WishList Member: a challenge, its answer, and two cookies for a session.
import { createHash } from 'node:crypto'
import { samplesOf } from '../modes.ts'
import { json, route, text } from '../replies.ts'
import { shelf } from '../shelf.ts'
import { type Asked, modes, type Reply, type StandIn, type Tools } from '../stand-in.ts'

const api = /[?&]\/wlmapi\/2\.0\/json\/([^&]*)/
const keyFor = (mode: string) => `wishlist-sandbox-${mode}`
/** The key is never sent, so these are all that there are. */
const keys = modes.map(keyFor)
const sessionsMax = 1_000

export function wishlist({ newId }: Tools): StandIn {
  /** Challenges that were set and not answered yet. */
  const locks = shelf<true>(sessionsMax)
  /** Which key a session was opened with. */
  const sessions = shelf<string>(sessionsMax)
  const members = shelf<Readonly<Record<string, string>>>(1_000)

  function keyOf(asked: Asked): string | undefined {
    const cookies = cookiesOf(asked)
    const { lock = '' } = cookies
    const answer = resourceOf(asked) === 'auth' && asked.method === 'POST' ? asked.form.get('key') : undefined
    if (answer !== undefined)
      return locks.has(lock) ? (keys.find((key) => md5(`${lock}${key}`) === answer) ?? 'rejected') : undefined
    return Object.entries(cookies).flatMap(([name, value]) => {
      const key = sessions.get(value)
      return key !== undefined && name === md5(`WLMAPI2${value}`) && sessions.get(lock) === key ? [key] : []
    })[0]
  }

  function setChallenge(): Reply {
    const lock = md5(newId())
    locks.put(lock, true)
    return json(
      200,
      { success: 1, lock, supported_requests: ['GET', 'POST', 'PUT', 'DELETE'] },
      { 'set-cookie': `lock=${lock}; path=/` },
    )
  }

  function openSession(asked: Asked): Reply {
    const { lock = '' } = cookiesOf(asked)
    const key = keyOf(asked)
    if (key === undefined || !keys.includes(key))
      return refusal(65_537, 'Access denied - Invalid authentication')
    locks.remove(lock)
    const session = md5(`${lock}${key}`)
    sessions.put(lock, key)
    sessions.put(session, key)
    return json(
      200,
      { success: 1, key: session },
      { 'set-cookie': `${md5(`WLMAPI2${session}`)}=${session}; path=/` },
    )
  }

  function addMember({ form }: Asked): Reply {
    const email = form.get('user_email') ?? ''
    if (email === '') return json(400, { success: 0, ERROR_CODE: 524_289, ERROR: 'Missing required fields' })
    members.put(email, { user_email: email, user_login: form.get('user_login') ?? email })
    return json(200, { success: 1, member: [members.get(email)] })
  }

  return {
    provider: 'wishlist',
    isFor: ({ target }) => api.test(target),
    credential: keyOf,
    answer(asked, { mode }) {
      const resource = resourceOf(asked)
      if (mode === 'ratelimited') return text(429, 'Too Many Requests', 'text/html')
      if (resource === 'auth' && asked.method === 'GET') return setChallenge()
      if (resource === 'auth')
        return mode === 'rejected'
          ? refusal(65_537, 'Access denied - Invalid authentication')
          : openSession(asked)
      if (mode !== 'valid') return refusal(65_536, 'Access denied - Not authenticated')
      return (
        route(
          { method: emulated(asked), path: `/${resource}` },
          {
            'GET /levels': () =>
              json(200, { success: 1, levels: { level: [{ id: '1400000001', name: 'Gold' }] } }),
            'GET /members': () => json(200, { success: 1, members: { member: members.all() } }),
            'POST /members': () => addMember(asked),
            'POST /levels/:id/members': () => json(200, { success: 1 }),
            'PUT /levels/:id/members/:member': () => json(200, { success: 1 }),
            'DELETE /levels/:id/members/:member': () => json(200, { success: 1 }),
            'GET /resources': () => json(200, { success: 1, resources: { resource: ['levels', 'members'] } }),
          },
        ) ?? json(404, { success: 0, ERROR_CODE: 4, ERROR: 'Resource not found' })
      )
    },
    samples: samplesOf((mode) => ({ endpoint: 'https://members.example.com/club', api_key: keyFor(mode) }), {
      forbidden: { none: 'A key of WishList Member may do everything; there is none that may do less.' },
    }),
  }
}

/** Many hosts let nothing but GET and POST through. */
const emulated = ({ method, form }: Asked) => form.get('____METHOD_EMULATION____') ?? method

const resourceOf = ({ target }: Asked) => api.exec(target)?.[1] ?? ''

function cookiesOf({ header }: Asked): Record<string, string> {
  const pairs = (header('cookie') ?? '').split(/;\s*/).map((pair) => pair.split('='))
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]))
}

function refusal(code: number, words: string): Reply {
  return json(401, { success: 0, ERROR_CODE: code, ERROR: words })
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

// Stands in for a MailWizz server, as SendReach was one: keyed hashes that are checked, and 400 for all that is wrong.
import { derivedSecret, digitsOf, samplesOf } from '../modes.ts'
import { json, route, text } from '../replies.ts'
import { shelf } from '../shelf.ts'
import { mailwizzMistake } from '../signatures/mailwizz.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'

const folder = /^(?:\/api)?\/index\.php(?=\/)/

export function sendreach({ nowMs }: Tools): StandIn {
  const subscribers = shelf<Readonly<Record<string, string>>>(1_000)

  function subscribe({ form }: Asked, list: string): Reply {
    const email = form.get('EMAIL') ?? ''
    if (email === '') return mistake(422, 'Please provide the subscriber email address.')
    const name = `${list}/${email}`
    if (subscribers.has(name)) return mistake(409, 'The subscriber already exists in this list.')
    subscribers.put(name, { email })
    return json(201, {
      status: 'success',
      data: { record: { subscriber_uid: digitsOf(email, 13), ...Object.fromEntries(form) } },
    })
  }

  function refusalOf(asked: Asked, { mode }: Shown): Reply | undefined {
    if (mode === 'absent')
      return mistake(400, 'Invalid API request params. Please refer to the documentation.')
    if (mode === 'rejected') return mistake(400, 'Invalid API key. Please refer to the documentation.')
    if (mode === 'ratelimited') return text(429, 'Too Many Requests')
    const wrong = mailwizzMistake(asked, derivedSecret(asked.header('x-mw-public-key') ?? '', 'hex'), nowMs())
    if (wrong !== undefined) return mistake(400, wrong)
    return mode === 'forbidden' ? mistake(400, 'Your account is not allowed to use the API.') : undefined
  }

  return {
    provider: 'sendreach',
    // Each customer has a server of its own, so its header tells what is for it.
    isFor: ({ header }) => header('x-mw-public-key') !== undefined,
    credential: ({ header }) => header('x-mw-public-key'),
    answer(asked, shown) {
      const within = { method: asked.method, path: asked.path.replace(folder, '') }
      const lists = {
        count: '1',
        total_pages: 1,
        current_page: 1,
        records: [{ general: { list_uid: 'sb000000000aa', name: 'Newsletter' } }],
      }
      return (
        refusalOf(asked, shown) ??
        route(within, {
          'GET /lists': () => json(200, { status: 'success', data: lists }),
          'GET /lists/:list/subscribers': () =>
            json(200, {
              status: 'success',
              data: { count: String(subscribers.all().length), records: subscribers.all() },
            }),
          'POST /lists/:list/subscribers': ({ list = '' }) => subscribe(asked, list),
        }) ??
        mistake(404, 'Page not found.')
      )
    },
    samples: samplesOf((mode) => {
      const api_key = `0123456789abcdef0123456789ab-${mode}`
      return {
        api_key,
        secret_api_key: derivedSecret(api_key, 'hex'),
        base_url: 'https://mailwizz.example.com/api/index.php',
      }
    }),
  }
}

function mistake(status: number, error: string): Reply {
  return json(status, { status: 'error', error })
}

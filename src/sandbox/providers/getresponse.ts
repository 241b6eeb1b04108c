// Stands in for GetResponse on its three platforms; a key works on one of them alone.
import { digitsOf, samplesOf } from '../modes.ts'
import { json, route, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

/** What keys of a platform begin with here; those of the retail platform begin with neither. */
const platforms: Readonly<Record<string, string>> = {
  'api.getresponse.com': '',
  'api3.getresponse360.com': 'maxus',
  'api3.getresponse360.pl': 'maxpl',
}
const maxPrefix = /^max(us|pl)/

export function getresponse({ newId }: { newId(): string }): StandIn {
  const contacts = shelf<{ readonly contactId: string; readonly email: string }>(1_000)

  function addContact({ json: body }: Asked): Reply {
    const email = textIn(body, 'email')
    if (email === '') return mistake(400, 1000, 'email is required')
    if (contacts.has(email)) return mistake(409, 1008, 'Contact already added')
    contacts.put(email, { contactId: newId().slice(0, 6), email })
    // It is told nothing but that it will be done.
    return { status: 202 }
  }

  function ofContact(id: string | undefined, show: (contact: object) => unknown): Reply {
    const contact = contacts.all().find(({ contactId }) => contactId === id)
    return contact ? json(200, show(contact)) : mistake(404, 1013, 'Resource not found')
  }

  return {
    provider: 'getresponse',
    isFor: ({ host }) => Object.hasOwn(platforms, host),
    credential({ host, header }) {
      const key = /^api-key (.+)$/.exec(header('x-auth-token') ?? '')?.[1]
      return key === undefined || (maxPrefix.exec(key)?.[0] ?? '') === platforms[host] ? key : 'rejected'
    },
    answer(asked, shown) {
      const isMax = platforms[asked.host] !== ''
      if (isMax && shown.mode === 'valid' && !asked.header('x-domain')?.endsWith('.example')) {
        return mistake(401, 1024, 'Domain not found')
      }
      return (
        refusalOf(shown) ??
        route(asked, {
          'GET /v3/accounts': () =>
            json(200, {
              accountId: digitsOf(shown.stem, 6),
              email: 'owner@sandbox.example',
              firstName: 'Ada',
              lastName: 'Sandbox',
            }),
          'GET /v3/campaigns': () => json(200, [{ campaignId: 'p86zQ', name: 'newsletter' }]),
          'GET /v3/contacts': () => {
            const email = asked.query.get('query[email]')
            return json(
              200,
              contacts.all().filter((contact) => email === null || contact.email === email),
            )
          },
          'POST /v3/contacts/:id': ({ id }) => ofContact(id, (contact) => ({ ...contact, ...asked.json })),
          'POST /v3/contacts/:id/tags': ({ id }) => ofContact(id, () => ({ tags: asked.json?.tags ?? [] })),
          'POST /v3/contacts': () => addContact(asked),
        }) ??
        mistake(404, 1013, 'Resource not found')
      )
    },
    samples: samplesOf((mode) => ({ secret_api_key: `sandbox${mode.padStart(25, '0')}` })),
    variants: {
      MAX: samplesOf((mode) => ({
        secret_api_key: `maxus${mode.padStart(27, '0')}`,
        platform: 'max_us',
        domain: 'newsletter.example',
      })),
    },
  }
}

function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected')
    return mistake(401, 1014, 'Problem during authentication process, check headers!')
  if (mode === 'forbidden') return mistake(403, 1023, 'Forbidden')
  if (mode === 'ratelimited') {
    const reply = mistake(429, 1015, 'You have reached your quota limit. Reset in 10 seconds.')
    return { ...reply, headers: { ...reply.headers, 'retry-after': '10', 'x-ratelimit-remaining': '0' } }
  }
  return undefined
}

function mistake(httpStatus: number, code: number, message: string): Reply {
  const moreInfo = `https://apidocs.getresponse.com/v3/errors/${code}`
  return json(httpStatus, {
    httpStatus,
    code,
    codeDescription: message,
    message,
    moreInfo,
    context: {},
    uuid: `sandbox-${code}`,
  })
}

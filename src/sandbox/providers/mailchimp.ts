// Stands in for Mailchimp's Marketing API, in every data centre.
import { createHash } from 'node:crypto'
import { hexOf, samplesOf } from '../modes.ts'
import { basicOf, bearerOf, empty, json, route, textIn } from '../replies.ts'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown, StandIn } from '../stand-in.ts'

const hosts = /^([a-z]+\d+)\.api\.mailchimp\.com$/
const suffix = /-([a-z]+\d+)$/

export function mailchimp(): StandIn {
  const members = shelf<Readonly<Record<string, unknown>>>(1_000)

  function putMember(asked: Asked, list: string, hash: string): Reply {
    const email = textIn(asked.json, 'email_address')
    const expected = createHash('md5').update(email.toLowerCase()).digest('hex')
    if (email === '' || hash !== expected) {
      return problem(
        400,
        'Invalid Resource',
        'The hash in the address is not that of email_address in lower case.',
      )
    }
    const status = textIn(asked.json, 'status') || textIn(asked.json, 'status_if_new') || 'subscribed'
    const member = { id: hash, email_address: email, status, list_id: list, tags: [] }
    members.put(`${list}/${hash}`, member)
    return json(200, member)
  }

  return {
    provider: 'mailchimp',
    isFor: ({ host }) => hosts.test(host),
    credential(asked) {
      const key = basicOf(asked)?.password ?? bearerOf(asked)
      const [, dataCentre = 'us1'] = suffix.exec(key ?? '') ?? []
      // A key is known in its own data centre alone.
      return key === undefined || hosts.exec(asked.host)?.[1] === dataCentre
        ? key?.replace(suffix, '')
        : 'rejected'
    },
    alsoValid: ['api_key'],
    answer: (asked, shown) =>
      refusalOf(shown) ??
      route(asked, {
        'GET /3.0/ping': () => json(200, { health_status: "Everything's Chimpy!" }),
        'GET /3.0': () =>
          json(200, {
            account_id: hexOf(shown.stem, 24),
            account_name: 'Sandbox newsletter',
            email: 'owner@sandbox.example',
            total_subscribers: members.all().length,
          }),
        'GET /3.0/lists': () =>
          json(200, { lists: [{ id: 'a1b2c3d4e5', name: 'Newsletter' }], total_items: 1 }),
        'PUT /3.0/lists/:list/members/:hash': ({ list = '', hash = '' }) => putMember(asked, list, hash),
        'GET /3.0/lists/:list/members/:hash': ({ list, hash }) => {
          const member = members.get(`${list}/${hash}`)
          return member ? json(200, member) : problem(404, 'Resource Not Found', 'There is no such member.')
        },
        'POST /3.0/lists/:list/members/:hash/tags': ({ list, hash }) =>
          members.has(`${list}/${hash}`)
            ? empty(204)
            : problem(404, 'Resource Not Found', 'There is no such member.'),
      }) ??
      problem(404, 'Resource Not Found', 'The requested resource could not be found.'),
    samples: samplesOf((mode) => ({ api_key: `0123456789abcdef0123${mode}-us6` })),
  }
}

function refusalOf({ mode }: Shown): Reply | undefined {
  if (mode === 'absent' || mode === 'rejected') {
    return problem(
      401,
      'API Key Invalid',
      "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
    )
  }
  if (mode === 'forbidden') return problem(403, 'Forbidden', 'You are not permitted to access this resource.')
  if (mode === 'ratelimited') {
    return problem(429, 'Too Many Requests', 'You have exceeded the limit of 10 simultaneous connections.')
  }
  return undefined
}

function problem(status: number, title: string, detail: string): Reply {
  const type = 'https://mailchimp.com/developer/marketing/docs/errors/'
  return json(
    status,
    { type, title, status, detail, instance: hexOf(title, 32) },
    {
      'content-type': 'application/problem+json; charset=utf-8',
    },
  )
}

// A request as code: what it would do is recorded, by the very client that does it, and written down.
import { createMortise, type Mortise } from '@mortise/sdk'
import { dropUndefined, literal } from './literal.ts'
import { namesOfSecrets, shellVariable, withVariables } from './secrets.ts'

/** What is done with the hub; done with a recorder, it tells what it would do. */
export type Act = (hub: Mortise) => unknown

/** @param origin where the hub is */
export function curlOf(act: Act, origin: string): string {
  const { url, method, integration, headers, body } = requestOf(act, origin)
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(url)}`,
    '-H "Authorization: Token $MORTISE_KEY"',
    ...(integration === null ? [] : [`-H ${quoted(`Integration-ID: ${integration}`)}`]),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ]
  if (body === undefined) return lines.join(' \\\n  ')
  // What is handed on to a provider is so as it is.
  if (typeof body === 'string') {
    // Left to itself, it would say that this is a form.
    const kind = headers.some(([name]) => name === 'content-type') ? [] : ["-H 'Content-Type:'"]
    return [...lines, ...kind, `--data-raw ${quoted(body)}`].join(' \\\n  ')
  }
  const text = JSON.stringify(body, null, 2)
  const isPlain = namesOfSecrets(text).length === 0
  const document = isPlain ? text : withVariables(escapedInDocument(text), shellVariable)
  const end = isPlain ? "'JSON'" : 'JSON'
  const all = [...lines, "-H 'Content-Type: application/json'", `-d @- <<${end}`].join(' \\\n  ')
  return `${all}\n${document}\nJSON`
}

export function typescriptOf(act: Act, origin: string): string {
  let last = 'mortise'
  act(
    recorder('mortise', (text) => {
      last = text
    }) as Mortise,
  )
  return [
    "import { createMortise } from '@mortise/sdk'",
    '',
    `const mortise = createMortise({ url: ${literal(origin)}, apiKey: process.env.MORTISE_KEY ?? '' })`,
    `const answer = await ${last}`,
  ].join('\n')
}

type Recorded = {
  url: string
  method: string
  integration: string | null
  /** Of a call to a provider those that are meant for it. */
  headers: [string, string][]
  /** A text where it is handed on to a provider. */
  body: unknown
}

const known = new Set(['authorization', 'integration-id', 'accept', 'content-type', 'idempotency-key'])

function requestOf(act: Act, origin: string): Recorded {
  let recorded: Recorded | undefined
  const fetch = (url: unknown, init: RequestInit = {}) => {
    const given = new Headers(init.headers)
    const isHandedOn = String(url).includes('/proxy/')
    const headers = [...given].filter(([name]) =>
      isHandedOn ? name !== 'authorization' && name !== 'integration-id' : !known.has(name),
    )
    const sent = typeof init.body === 'string' ? init.body : undefined
    recorded ??= {
      url: String(url),
      method: init.method ?? 'GET',
      integration: given.get('integration-id'),
      headers,
      body: sent === undefined || isHandedOn ? sent : (JSON.parse(sent) as unknown),
    }
    // Nothing is sent, so that nothing is answered.
    return new Promise<Response>(() => undefined)
  }
  act(createMortise({ url: origin, apiKey: 'none', fetch }))
  if (!recorded) throw new Error('Nothing was asked of the hub.')
  return recorded
}

/** Writes down what is called on it. */
function recorder(text: string, onCall: (text: string) => void): unknown {
  return new Proxy(() => undefined, {
    // No promise, whoever may ask.
    get: (_, name) => (name === 'then' ? undefined : recorder(`${text}.${String(name)}`, onCall)),
    apply(_, __, given: unknown[]) {
      const called = `${text}(${dropUndefined(given)
        .map((value) => literal(value))
        .join(', ')})`
      onCall(called)
      return recorder(called, onCall)
    },
  })
}

/** For a shell, as one word. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** What a shell would read within a document whose end is not quoted. */
function escapedInDocument(text: string): string {
  return text.replaceAll(/[\\$`]/g, '\\$&')
}

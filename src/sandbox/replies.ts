// Short ways of writing what a stand-in answers, and of finding what a request asks for.
import type { Asked, Reply } from './stand-in.ts'

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Reply {
  return { status, body, headers: { 'content-type': 'application/json', ...headers } }
}

export function text(status: number, body: string, type = 'text/plain'): Reply {
  return { status, body, headers: { 'content-type': `${type}; charset=utf-8` } }
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers }
}

type Found = Readonly<Record<string, string>>
export type Routes = Readonly<Record<string, (found: Found) => Reply>>

/**
 * @param routes such as `GET /v1/customers/:id`; the first that fits counts
 * @returns undefined where none does
 */
export function route({ method, path }: Pick<Asked, 'method' | 'path'>, routes: Routes): Reply | undefined {
  const given = path.replace(/(?<=.)\/$/, '').split('/')
  for (const [known, reply] of Object.entries(routes)) {
    const [verb, pattern = ''] = known.split(' ', 2)
    const parts = pattern.split('/')
    if (verb !== method || parts.length !== given.length) continue
    const found: Record<string, string> = {}
    const fits = parts.every((part, at) => {
      const value = given[at] ?? ''
      if (!part.startsWith(':')) return part === value
      found[part.slice(1)] = decoded(value)
      return value !== ''
    })
    if (fits) return reply(found)
  }
  return undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The token behind `Bearer`. */
export function bearerOf(asked: Pick<Asked, 'header'>): string | undefined {
  return /^Bearer (.+)$/i.exec(asked.header('authorization') ?? '')?.[1]
}

export function basicOf(asked: Pick<Asked, 'header'>): { user: string; password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(asked.header('authorization') ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const at = text.indexOf(':')
  return at < 0 ? { user: text, password: '' } : { user: text.slice(0, at), password: text.slice(at + 1) }
}

/** A member of a JSON body that is a text; empty where it is none. */
export function textIn(json: Asked['json'], name: string): string {
  const value = json?.[name]
  return typeof value === 'string' ? value : ''
}

/** Empty where it is no object. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** Of a list, what is text. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

// Checks OAuth 1.0a with HMAC-SHA1 by RFC 5849's own steps, sharing nothing with what signs.
import { createHmac } from 'node:crypto'
import type { Asked } from '../stand-in.ts'
import { encodeStrictly } from './sigv4.ts'

export type Oauth1 = Readonly<Record<string, string>>

/** @returns the parameters of the header or, as older clients do, of the query; undefined where there are none */
export function readOauth1({ header, query }: Pick<Asked, 'header' | 'query'>): Oauth1 | undefined {
  const text = /^OAuth\s+(.*)$/is.exec(header('authorization') ?? '')?.[1]
  if (text !== undefined) {
    const pairs = [...text.matchAll(/([a-z_]+)="([^"]*)"/gi)]
    return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]))
  }
  return query.has('oauth_consumer_key') ? Object.fromEntries(query) : undefined
}

/** @param given which the header holds; of the rest, query and form are signed */
export function isSignedByOauth1(
  asked: Asked,
  given: Oauth1,
  secrets: { consumer: string; token: string },
): boolean {
  const { oauth_signature: signature = '', realm: _, ...signed } = given
  const isInQuery = asked.query.has('oauth_consumer_key')
  const pairs = [
    ...(isInQuery ? [] : Object.entries(signed)),
    ...[...asked.query].filter(([name]) => name !== 'oauth_signature'),
    ...asked.form,
  ].map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  const parameters = pairs
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const base = [asked.method.toUpperCase(), `https://${asked.host}${asked.path}`, parameters]
  const key = `${encodeStrictly(secrets.consumer)}&${encodeStrictly(secrets.token)}`
  const expected = createHmac('sha1', key).update(base.map(encodeStrictly).join('&')).digest('base64')
  return given.oauth_signature_method === 'HMAC-SHA1' && expected === signature
}

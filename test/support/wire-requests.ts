// Generators of paths, queries and headers that a client may put on the wire.
import fc, { type Arbitrary } from 'fast-check'
import { hostileText } from './wire-bodies.ts'

export type WireHeader = readonly [name: string, value: string]

/** One segment of a path, percent-encoded or not, that is neither empty nor ends the path. */
export const hostileSegments: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    '%00',
    '%E0%A4%A',
    '%ff',
    '%',
    '%zz',
    'a/b',
    '__proto__',
    'constructor',
    ';',
    '*',
    ':id',
    'a'.repeat(255),
    'a'.repeat(256),
    'a'.repeat(2_000),
    '0',
    '-1',
    '1.0',
    '1e0',
    '99999999999999999999',
  ),
  hostileText
    .map((text) => encodeURIComponent(text.toWellFormed().slice(0, 300)))
    .filter((text) => text !== ''),
)

export function queries(names: readonly string[]): Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom('page', 'type', 'id', '__proto__[polluted]', ...names), fc.string())
  const value = fc.oneof(
    fc.constantFrom('1', '0', '-1', 'last', '1e3', '1.5', '99999999999999999999', '%FF', '%', '%00', ''),
    hostileText.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 300))),
  )
  const encodedName = name.map((text) => encodeURIComponent(text.toWellFormed()))
  const pairs = fc
    .array(fc.tuple(encodedName, value), { minLength: 1, maxLength: 4 })
    .map((list) => `?${list.map(([key, text]) => `${key}=${text}`).join('&')}`)
  return fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: pairs })
}

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x20 : code)),
  maxLength: 30,
})

/** Headers around a body; the key is given, and right, in most, and so is whom the request acts as. */
export function headerLists(key: string, actingAs?: string): Arbitrary<WireHeader[]> {
  const right = fc.constantFrom(`Token ${key}`, `Token ${key}`, `bearer ${key}`)
  const wrong = fc.oneof(
    fc.constantFrom('', 'Token', `Token ${key} x`, 'Token mrt_x', `Basic ${key}`),
    headerText,
  )
  const authorization = fc.oneof(
    { weight: 12, arbitrary: right.map((value): WireHeader[] => [['Authorization', value]]) },
    { weight: 1, arbitrary: wrong.map((value): WireHeader[] => [['Authorization', value]]) },
    { weight: 1, arbitrary: fc.constant<WireHeader[]>([]) },
  )
  const value = (values: string[]) => fc.oneof(fc.constantFrom(...values), headerText)
  const other: Arbitrary<WireHeader> = fc.oneof(
    fc.tuple(fc.constant('Accept'), value(['*/*', 'text/html', 'application/json;q=0', 'text/*, */*;q=0.1'])),
    fc.tuple(fc.constant('Integration-ID'), value(['1', '', '..', 'nobody'])),
    fc.tuple(fc.constant('Content-Encoding'), value(['identity', 'gzip', 'br'])),
    fc.tuple(fc.constant('Idempotency-Key'), value(['', '"a"', 'k'.repeat(300)])),
    fc.tuple(fc.constant('__proto__'), fc.constant('polluted')),
    fc.tuple(
      fc.constantFrom('X-HTTP-Method-Override', 'X-Original-URL', 'X-Forwarded-For', 'Cookie'),
      headerText,
    ),
  )
  const others = fc.oneof(
    { weight: 2, arbitrary: fc.constant<WireHeader[]>([]) },
    { weight: 1, arbitrary: fc.array(other, { minLength: 1, maxLength: 3 }) },
  )
  const acting = fc.oneof(
    { weight: 12, arbitrary: fc.constant<WireHeader[]>(actingAs ? [['Integration-ID', actingAs]] : []) },
    { weight: 1, arbitrary: fc.constant<WireHeader[]>([]) },
  )
  return fc.tuple(authorization, acting, others).map((lists) => lists.flat())
}

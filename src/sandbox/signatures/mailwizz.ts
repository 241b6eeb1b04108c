// Checks the keyed hash that MailWizz servers want on each request, by that server's own steps.
import { createHmac } from 'node:crypto'
import type { Asked } from '../stand-in.ts'

const oldestS = 900

/** @returns what the server would say, or undefined where all is well */
export function mailwizzMistake(asked: Asked, privateKey: string, nowMs: number): string | undefined {
  const { method, host, path, query, form, header } = asked
  const special: Array<[string, string]> = ['X-MW-PUBLIC-KEY', 'X-MW-TIMESTAMP', 'X-MW-REMOTE-ADDR'].map(
    (name) => [name, header(name) ?? ''],
  )
  const signature = header('x-mw-signature') ?? ''
  const timestamp = Number(header('x-mw-timestamp'))
  if (signature === '' || !(timestamp > 0))
    return 'Invalid API request params. Please refer to the documentation.'
  if (timestamp + oldestS < nowMs / 1_000) return 'Your request expired. Please refer to the documentation.'
  const queryText = sorted([...query])
  const address = `https://${host}${path.replace(/\/$/, '')}${queryText === '' ? '' : `?${queryText}`}`
  const separator = queryText === '' ? '?' : '&'
  const signed = `${method.toUpperCase()} ${address}${separator}${sorted([...special, ...form])}`
  const expected = createHmac('sha1', privateKey).update(signed).digest('hex')
  if (expected !== signature) return 'Invalid API request signature. Please refer to the documentation.'
  return undefined
}

/** As PHP's `ksort` and `http_build_query` make it. */
function sorted(pairs: ReadonlyArray<readonly [string, string]>): string {
  return pairs
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${phpEncoded(name)}=${phpEncoded(value)}`)
    .join('&')
}

function phpEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

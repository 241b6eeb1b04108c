// OAuth 1.0a with HMAC-SHA1: the signature covers method, address, query and a form's fields.
import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import { isForm } from '../form.ts'
import type { Outgoing } from '../send.ts'
import { withHeaders } from './plain.ts'
import type { Scheme } from './scheme.ts'

export const oauth1: Scheme<'oauth1'> = (request, credential) => {
  const { consumerKey, consumerSecret, token, tokenSecret } = credential
  const signer = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: 'HMAC-SHA1',
    hash_function: (text, key) => createHmac('sha1', key).update(text).digest('base64'),
  })
  const [path = '', search = ''] = request.path.split(/\?(.*)/s, 2)
  // Read here: of a query in the address the library decodes values, but not names.
  const pairs = [...new URLSearchParams(search), ...formFields(request)]
  const signed = signer.authorize(
    { url: `${request.origin}${path}`, method: request.method, data: byName(pairs) },
    { key: token, secret: tokenSecret },
  )
  return withHeaders(request, { authorization: signer.toHeader(signed).Authorization })
}

function formFields({ headers, body }: Outgoing): URLSearchParams {
  return new URLSearchParams(isForm(headers) && Buffer.isBuffer(body) ? body.toString() : '')
}

function byName(pairs: ReadonlyArray<readonly [string, string]>): Record<string, string | string[]> {
  const names = new Set(pairs.map(([name]) => name))
  const valuesOf = (name: string) => pairs.filter(([known]) => known === name).map(([, value]) => value)
  return Object.fromEntries([...names].map((name) => [name, valuesOf(name)]))
}

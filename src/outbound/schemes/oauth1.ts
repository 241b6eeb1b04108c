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
  const url = `${request.origin}${request.path}`
  const signed = signer.authorize(
    { url, method: request.method, data: formFields(request) },
    { key: token, secret: tokenSecret },
  )
  return withHeaders(request, { authorization: signer.toHeader(signed).Authorization })
}

function formFields({ headers, body }: Outgoing): Record<string, string | string[]> {
  if (!isForm(headers) || !Buffer.isBuffer(body)) return {}
  const form = new URLSearchParams(body.toString())
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]))
}

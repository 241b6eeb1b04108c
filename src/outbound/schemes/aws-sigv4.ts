// AWS Signature Version 4: the signature covers method, path, query, headers and, but for S3, the body.
import { AwsV4Signer } from 'aws4fetch'
import { withHeaders } from './plain.ts'
import type { Scheme } from './scheme.ts'

/** Of these it is known only on the way what they are, or they are Mortise's own. */
const notSigned = /^(accept|accept-encoding|accept-language|cache-control|pragma|te)$/i

export function awsSigV4({ nowMs }: { nowMs(): number }): Scheme<'aws_sigv4'> {
  return async (request, { accessKeyId, secretAccessKey, region, service }) => {
    const { method, origin, path, headers, body } = request
    const signer = new AwsV4Signer({
      method,
      url: `${origin}${path}`,
      headers: headers.filter(([name]) => !notSigned.test(name)).map(([name, value]) => [name, value]),
      // S3 takes a body that is not signed, so that it may be as long as it likes.
      ...(Buffer.isBuffer(body) && service !== 's3' && { body: new Uint8Array(body) }),
      accessKeyId,
      secretAccessKey,
      region,
      service,
      datetime: new Date(nowMs()).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
    })
    const signed = await signer.sign()
    const added = ['authorization', 'x-amz-date', 'x-amz-content-sha256'].flatMap((name) => {
      const value = signed.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    return withHeaders(request, Object.fromEntries(added))
  }
}

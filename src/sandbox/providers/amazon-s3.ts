// S3 within the stand-in for AWS: buckets that are where their names say, and a few small objects.
import { createHash } from 'node:crypto'
import { shelf } from '../shelf.ts'
import type { Asked, Reply, Shown } from '../stand-in.ts'

type Request = {
  readonly wrong: { code: string; status: number } | undefined
  readonly mode: Shown['mode']
  readonly bucketInHost: string | undefined
  /** Which region's host was asked. */
  readonly region: string
}

const objectsMax = 200
const objectBytesMax = 1_048_576

export function s3Objects({ nowMs }: { nowMs(): number }): (asked: Asked, request: Request) => Reply {
  const objects = shelf<{ body: Buffer; type: string; etag: string; at: number }>(objectsMax)

  function list(bucket: string, prefix: string): Reply {
    const items = objects.entries().filter(([name]) => name.startsWith(`${bucket}/${prefix}`))
    const contents = items.map(
      ([name, { body, etag, at }]) =>
        `<Contents><Key>${escaped(name.slice(bucket.length + 1))}</Key><LastModified>${new Date(at).toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size></Contents>`,
    )
    return xml(
      200,
      `<ListBucketResult><Name>${escaped(bucket)}</Name><KeyCount>${items.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
    )
  }

  function ofObject(asked: Asked, bucket: string, key: string): Reply {
    const name = `${bucket}/${key}`
    const known = objects.get(name)
    if (asked.method === 'PUT') {
      if (asked.body.length > objectBytesMax) return mistake(asked, 400, 'EntityTooLarge')
      const etag = createHash('md5').update(asked.body).digest('hex')
      const type = asked.header('content-type') ?? 'binary/octet-stream'
      objects.put(name, { body: asked.body, type, etag, at: nowMs() })
      return { status: 200, headers: { etag: `"${etag}"` } }
    }
    if (asked.method === 'DELETE') {
      objects.remove(name)
      return { status: 204 }
    }
    if (!known) return mistake(asked, 404, 'NoSuchKey')
    const headers = { 'content-type': known.type, etag: `"${known.etag}"` }
    if (asked.method === 'HEAD')
      return { status: 200, headers: { ...headers, 'content-length': String(known.body.length) } }
    return asked.method === 'GET'
      ? { status: 200, headers, body: known.body }
      : mistake(asked, 405, 'MethodNotAllowed')
  }

  return (asked, { wrong, mode, bucketInHost, region }) => {
    const [, first = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(asked.path) ?? []
    const bucket = bucketInHost ?? decodeURIComponent(first)
    const key = decodeURIComponent(bucketInHost === undefined ? rest : asked.path.slice(1))
    if (mode === 'ratelimited' && !wrong) return mistake(asked, 503, 'SlowDown')
    const home = homeOf(bucket)
    // Where a bucket is, is told to everybody.
    const told = (reply: Reply): Reply =>
      bucket === '' || home === undefined
        ? reply
        : { ...reply, headers: { ...reply.headers, 'x-amz-bucket-region': home } }
    if (wrong) return told(mistake(asked, wrong.status, wrong.code))
    if (bucket === '') return xml(200, '<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>')
    if (home === undefined) return mistake(asked, 404, 'NoSuchBucket')
    if (home !== region) return told(mistake(asked, 301, 'PermanentRedirect'))
    if (mode === 'forbidden') return told(mistake(asked, 403, 'AccessDenied'))
    if (key !== '') return told(ofObject(asked, bucket, key))
    return told(asked.method === 'HEAD' ? { status: 200 } : list(bucket, asked.query.get('prefix') ?? ''))
  }
}

/** @returns undefined for a bucket that is nowhere */
function homeOf(bucket: string): string | undefined {
  if (bucket.startsWith('missing')) return undefined
  return /(?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/.exec(bucket)?.[0] ?? 'us-east-1'
}

function mistake(asked: Asked, status: number, code: string): Reply {
  // An answer to HEAD has no body, so that only its status tells what is wrong.
  if (asked.method === 'HEAD') return { status }
  return xml(status, `<Error><Code>${code}</Code><Message>This is what S3 would say here.</Message></Error>`)
}

function xml(status: number, body: string): Reply {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
    headers: { 'content-type': 'application/xml' },
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

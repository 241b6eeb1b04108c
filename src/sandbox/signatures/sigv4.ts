// Checks AWS Signature Version 4 from the standard's own steps, sharing nothing with what signs.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Asked } from '../stand-in.ts'

/** What a signature says of itself; undefined where a request has none. */
export type Signed = {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

export function readSignature({ header }: Pick<Asked, 'header'>): Signed | undefined {
  const text = header('authorization') ?? ''
  const [, credential = '', headers = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      text,
    ) ?? []
  const [accessKeyId, date, region, service, end] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request') return undefined
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature }
}

const skewMs = 15 * 60_000

/** @returns the code of the error that AWS would tell, or undefined where all is well */
export function signatureMistake(
  asked: Asked,
  signed: Signed,
  secret: string,
  nowMs: number,
): string | undefined {
  const { signedHeaders, date, region, service } = signed
  const time = asked.header('x-amz-date') ?? ''
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  const sentMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (!time.startsWith(date) || !(Math.abs(sentMs - nowMs) <= skewMs)) return 'RequestTimeTooSkewed'
  if (!signedHeaders.includes('host') || !isSorted(signedHeaders)) return 'SignatureDoesNotMatch'
  const isS3 = service === 's3'
  const hash = asked.header('x-amz-content-sha256') ?? sha256(asked.body)
  if (isS3 && asked.header('x-amz-content-sha256') === undefined) return 'MissingSecurityHeader'
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(asked.body)) return 'XAmzContentSHA256Mismatch'
  const canonical = [
    asked.method,
    asked.path
      .split('/')
      .map((part) => encodeStrictly(isS3 ? decodeURIComponent(part) : part))
      .join('/'),
    canonicalQuery(asked),
    ...signedHeaders.map((name) => `${name}:${valuesOf(asked, name)}`),
    '',
    signedHeaders.join(';'),
    hash,
  ].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  let key: Buffer = Buffer.from(`AWS4${secret}`)
  for (const part of [date, region, service, 'aws4_request']) key = hmac(key, part)
  const expected = hmac(key, toSign)
  return timingSafeEqual(expected, Buffer.from(signed.signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

function canonicalQuery({ target }: Asked): string {
  const at = target.indexOf('?')
  const pairs =
    at < 0
      ? []
      : target
          .slice(at + 1)
          .split('&')
          .filter(Boolean)
  return pairs
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s, 2)
      return [recoded(name), recoded(value)] as const
    })
    .toSorted(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function recoded(part: string): string {
  return encodeStrictly(decodeURIComponent(part.replaceAll('+', '%20')))
}

export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function valuesOf(asked: Asked, name: string): string {
  if (name === 'host') return asked.host
  const values = asked.headers.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value)
  return values.map((value) => value.trim().replaceAll(/ +/g, ' ')).join(',')
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, at) => at === 0 || compare(names[at - 1] ?? '', name) < 0)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

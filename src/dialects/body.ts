// Reads request bodies of every kind that is taken: JSON, URL-encoded forms, multipart forms.
import { MIMEType } from 'node:util'
import type { FastifyRequest } from 'fastify'
import { HubError } from '../hub/errors.ts'
import type { JsonKind, JsonText } from '../hub/json-text.ts'
import { decodeUtf8, membersMax, parseJsonBody } from './json-body.ts'
import { parseUrlEncoded, tooManyFields } from './url-encoded.ts'

/** One member of a body: a JSON value as it was written, the text of a form's field, or a form's file. */
export type Member =
  | { readonly kind: 'json'; readonly json: JsonText }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: Blob }

export type Members = ReadonlyMap<string, Member>

export type DecodedBody = { readonly members: Members } | { readonly notAnObject: JsonKind }

/** As much as the headers of a request may have. */
const partHeadBytesMax = 16_384

const noBody = Promise.resolve<DecodedBody>({ members: new Map() })

const decoded = new WeakMap<FastifyRequest, Promise<DecodedBody>>()

/**
 * Decoded once, however often it is asked for. A request without a body has no members; of a member given
 * twice the last counts.
 * @throws HubError malformed or unsupported_media_type
 */
export function decodeBody(request: FastifyRequest): Promise<DecodedBody> {
  const bytes = request.body
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return noBody
  const known = decoded.get(request)
  if (known !== undefined) return known
  const body = decode(request, bytes)
  decoded.set(request, body)
  return body
}

async function decode(request: FastifyRequest, bytes: Buffer): Promise<DecodedBody> {
  const header = request.contentType ?? ''
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HubError(
      'unsupported_media_type',
      'Unsupported content encoding in request: send the body as it is.',
    )
  }
  const type = parseType(header)
  switch (type?.essence) {
    case 'application/json':
      return decodeJson(bytes)
    case 'application/x-www-form-urlencoded':
      return { members: textMembers(parseUrlEncoded(decodeUtf8(bytes), { pairsMax: membersMax }).entries) }
    case 'multipart/form-data':
      return { members: await multipartMembers(bytes, header, type.params.get('boundary')) }
    default: {
      const named = header.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 100)
      throw new HubError('unsupported_media_type', `Unsupported media type "${named}" in request.`)
    }
  }
}

export function bodyTooLarge(bytesMax: number): HubError {
  return new HubError(
    'body_too_large',
    `Request body is too large: at most ${bytesMax} bytes are taken here.`,
  )
}

function decodeJson(bytes: Buffer): DecodedBody {
  const body = parseJsonBody(bytes)
  if ('notAnObject' in body) return body
  const members = new Map<string, Member>()
  for (const [name, json] of body.members) members.set(name, { kind: 'json', json })
  return { members }
}

async function multipartMembers(
  bytes: Buffer,
  contentType: string,
  boundary: string | null,
): Promise<Members> {
  expectFewParts(bytes, `--${boundary}`)
  let form: FormData
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new HubError('malformed', 'Multipart form parse error - the body does not follow its boundary.')
  }
  const members = new Map<string, Member>()
  for (const [name, value] of form) {
    members.set(name, typeof value === 'string' ? multipartText(value, bytes) : { kind: 'file', file: value })
  }
  return members
}

/** Looked at before the form is decoded: every part begins behind a boundary, with a few headers. */
function expectFewParts(bytes: Buffer, boundary: string): void {
  let parts = 0
  let at = bytes.indexOf(boundary) === 0 ? 0 : bytes.indexOf(`\r\n${boundary}`)
  while (at >= 0) {
    const next = bytes.indexOf(`\r\n${boundary}`, at + boundary.length)
    if (parts++ > membersMax) throw tooManyFields(membersMax)
    const end = next < 0 ? bytes.length : next
    if (end - at > partHeadBytesMax && !bytes.subarray(at, at + partHeadBytesMax).includes('\r\n\r\n')) {
      throw new HubError('malformed', 'Multipart form parse error - the headers of a part are too large.')
    }
    at = next
  }
}

function textMembers(entries: ReadonlyArray<readonly [string, string]>): Members {
  return new Map(entries.map(([name, text]) => [name, { kind: 'text', text }]))
}

/** The multipart decoder puts U+FFFD where bytes are not UTF-8; that must never be stored. */
function multipartText(text: string, body: Buffer): Member {
  if (text.includes('\ufffd') && !body.includes('\ufffd')) {
    throw new HubError('malformed', 'Form parse error - the body is not valid UTF-8.')
  }
  return { kind: 'text', text }
}

/** @returns undefined for what is no media type, or not in UTF-8 */
function parseType(header: string): MIMEType | undefined {
  try {
    const type = new MIMEType(header)
    const charset = type.params.get('charset') ?? 'utf-8'
    return /^utf-?8$/i.test(charset) ? type : undefined
  } catch {
    return undefined
  }
}

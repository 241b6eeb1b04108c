// What is thrown: an answer that says no, or a hub that does not answer.

/** Messages by member, as the hub words them; of a member that is an object, by its own members. */
export type FieldErrors = Readonly<Record<string, unknown>>

/** The hub has answered, and refuses. */
export class MortiseError extends Error {
  override readonly name = 'MortiseError'
  readonly status: number
  /** One of a closed list, such as `egress_denied`; undefined where the documented API has none. */
  readonly code: string | undefined
  readonly fields: FieldErrors
  /** Under which the hub's log tells more. */
  readonly requestId: string | undefined
  /** Where the error is explained. */
  readonly docUrl: string | undefined
  /** How long to wait before it is worth another try, in seconds. */
  readonly retryAfterS: number | undefined

  constructor(response: Response, body: unknown) {
    const { detail, code, doc_url, ...fields } = isObject(body) ? body : {}
    super(messageOf(response.status, detail, fields))
    this.status = response.status
    this.code = typeof code === 'string' ? code : undefined
    this.docUrl = typeof doc_url === 'string' ? doc_url : undefined
    this.fields = fields
    this.requestId = response.headers.get('x-request-id') ?? undefined
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    this.retryAfterS = Number.isFinite(seconds) ? seconds : undefined
  }
}

/** Nobody answered, or not to the end. */
export class MortiseUnreachable extends Error {
  override readonly name = 'MortiseUnreachable'
}

function messageOf(status: number, detail: unknown, fields: FieldErrors): string {
  if (typeof detail === 'string') return detail
  const told = linesOf(fields)
  return told.length > 0 ? told.join(' ') : `The hub answers ${status}.`
}

function linesOf(fields: FieldErrors, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, said]) => {
    if (Array.isArray(said)) return [`${prefix}${name}: ${said.join(' ')}`]
    return isObject(said) ? linesOf(said, `${prefix}${name}.`) : []
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

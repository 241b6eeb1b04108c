// Queries and URL-encoded forms, read strictly: what does not decode to UTF-8 is refused, not replaced.
import { HubError } from '../hub/errors.ts'

/** Names and values in the order they came; a name may come more than once. */
export class Query {
  readonly entries: ReadonlyArray<readonly [name: string, value: string]>

  constructor(entries: ReadonlyArray<readonly [string, string]>) {
    this.entries = entries
  }

  all(name: string): string[] {
    return this.entries.filter(([key]) => key === name).map(([, value]) => value)
  }
}

/**
 * @param options.pairsMax where the text may be long
 * @throws HubError malformed
 */
export function parseUrlEncoded(text: string, options: { pairsMax?: number } = {}): Query {
  const { pairsMax = Number.POSITIVE_INFINITY } = options
  if (text === '') return new Query([])
  const pairs = text.split('&').filter((pair) => pair !== '')
  if (pairs.length > pairsMax) throw tooManyFields(pairsMax)
  return new Query(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    }),
  )
}

export function tooManyFields(fieldsMax: number): HubError {
  return new HubError('malformed', `Form parse error - the form has more than ${fieldsMax} fields.`)
}

/** @param url path and query, as they stand in the request line */
export function queryOf(url: string): Query {
  const mark = url.indexOf('?')
  return parseUrlEncoded(mark < 0 ? '' : url.slice(mark + 1))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new HubError('malformed', 'The query or form is not well-formed: it must be percent-encoded UTF-8.')
  }
}

// Pages that a cursor begins: reads which is asked for, and writes the envelope with its links.
import { HubError } from '../../hub/errors.ts'
import type { Position, Window, WindowRequest } from '../../hub/window.ts'
import type { Query } from '../url-encoded.ts'
import { linkTo, readPageSize } from './paging.ts'

/** @throws HubError invalid_page, for anything that no link of ours has */
export function readWindow(query: Query): WindowRequest {
  const cursors = query.all('cursor')
  return {
    from: cursors.length === 0 ? undefined : positionOf(cursors),
    size: readPageSize(query.all('page_size')),
  }
}

/** @param listUrl the list's absolute address, without a query */
export function windowView<Item, View>(
  { items, older, newer }: Window<Item>,
  listUrl: string,
  query: Query,
  view: (item: Item) => View,
) {
  const link = (position: Position | null) => position && linkTo(listUrl, query, 'cursor', cursorOf(position))
  return { next: link(older), previous: link(newer), results: items.map(view) }
}

/** Nothing but a place in a list of the caller's own: it gives nobody anything, and need not be signed. */
function cursorOf(position: Position): string {
  const words = 'before' in position ? `before ${position.before}` : `after ${position.after}`
  return Buffer.from(words).toString('base64url')
}

function positionOf([cursor = '', ...more]: readonly string[]): Position {
  const bytes = Buffer.from(cursor, 'base64url')
  const [, direction, digits] = /^(before|after) (0|[1-9]\d{0,14})$/.exec(bytes.toString('latin1')) ?? []
  // Decoding is lenient: only what encodes to the same again was written by us.
  if (direction === undefined || more.length > 0 || bytes.toString('base64url') !== cursor) {
    throw new HubError('invalid_page', 'Invalid cursor.')
  }
  return direction === 'before' ? { before: Number(digits) } : { after: Number(digits) }
}

// Pages, numbered ones and those that a cursor begins: their query and their envelope.
import { type TSchema, Type } from 'typebox'

export const pageSizeDefault = 25
export const pageSizeMax = 100

const page_size = Type.Optional(
  Type.String({ description: `Items per page, at most ${pageSizeMax}.`, default: String(pageSizeDefault) }),
)

export const pageQuery = {
  page: Type.Optional(
    Type.String({ description: 'Which page to return; `last` is the last one.', default: '1' }),
  ),
  page_size,
}

/** For lists that grow without bound. */
export const cursorQuery = {
  cursor: Type.Optional(Type.String({ description: 'As `next` and `previous` have it.' })),
  page_size,
}

const link = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uri' })

export function PageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    count: Type.Integer({ description: 'How many there are on all pages.' }),
    next: link,
    previous: link,
    results: Type.Array(item),
  })
}

export function CursorPageOf<Item extends TSchema>(item: Item) {
  return Type.Object({ next: link, previous: link, results: Type.Array(item) })
}

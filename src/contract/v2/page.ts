// Numbered pages: their query and their envelope.
import { type TSchema, Type } from 'typebox'

export const pageSizeDefault = 25
export const pageSizeMax = 100

export const pageQuery = {
  page: Type.Optional(
    Type.String({ description: 'Which page to return; `last` is the last one.', default: '1' }),
  ),
  page_size: Type.Optional(
    Type.String({ description: `Items per page, at most ${pageSizeMax}.`, default: String(pageSizeDefault) }),
  ),
}

export function PageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    count: Type.Integer({ description: 'How many there are on all pages.' }),
    next: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uri' }),
    previous: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uri' }),
    results: Type.Array(item),
  })
}

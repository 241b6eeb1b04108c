// Numbered pages: which rows a page holds, and which pages there are.
import { HubError } from './errors.ts'

/** `number` is a page from 1 on, the last one, or undefined where what was asked for is no page at all. */
export type PageRequest = { readonly number: number | 'last' | undefined; readonly size: number }

export type Page<Item> = {
  readonly items: readonly Item[]
  /** How many there are on all pages. */
  readonly count: number
  readonly number: number
  readonly lastNumber: number
}

/** @throws HubError invalid_page; an empty list has a page 1 */
export async function pageOf<Item>(
  request: PageRequest,
  source: {
    count(): Promise<number>
    window(limit: number, offset: number): Promise<Item[]>
  },
): Promise<Page<Item>> {
  const count = await source.count()
  const lastNumber = Math.max(1, Math.ceil(count / request.size))
  const number = request.number === 'last' ? lastNumber : request.number
  if (number === undefined || number < 1 || number > lastNumber) {
    throw new HubError('invalid_page', 'Invalid page.')
  }
  const items = await source.window(request.size, (number - 1) * request.size)
  return { items, count, number, lastNumber }
}

/** The pages of a list that can hold one item at most. */
export async function pageOfOne<Item>(
  request: PageRequest,
  found: Promise<Item | undefined>,
  belongs: (item: Item) => boolean = () => true,
): Promise<Page<Item>> {
  const item = await found
  const items = item !== undefined && belongs(item) ? [item] : []
  return pageOf(request, {
    count: async () => items.length,
    window: async (limit, offset) => items.slice(offset, offset + limit),
  })
}

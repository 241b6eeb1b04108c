// Reads which page is asked for, and writes the envelope with its links.
import { pageSizeDefault, pageSizeMax } from '../../contract/v2/page.ts'
import type { Page, PageRequest } from '../../hub/page.ts'
import type { Query } from '../url-encoded.ts'

/** What is no page at all stays undefined; the hub refuses it once other parameters are judged. */
export function readPage(query: Query): PageRequest {
  const [page = '1', ...more] = query.all('page')
  const isNumber = /^\d{1,15}$/.test(page)
  return {
    number: more.length > 0 ? undefined : page === 'last' ? 'last' : isNumber ? Number(page) : undefined,
    size: readPageSize(query.all('page_size')),
  }
}

/** Too much is cut to the maximum; what is no size falls back to the default. */
export function readPageSize(values: string[]): number {
  const [value = '', ...more] = values
  if (more.length > 0 || !/^\d+$/.test(value) || Number(value) < 1) return pageSizeDefault
  return Math.min(Number(value), pageSizeMax)
}

/** @param listUrl the list's absolute address, without a query */
export function pageView<Item, View>(
  page: Page<Item>,
  listUrl: string,
  query: Query,
  view: (item: Item) => View,
) {
  const link = (number: number) => linkTo(listUrl, query, 'page', number === 1 ? null : String(number))
  return {
    count: page.count,
    next: page.number < page.lastNumber ? link(page.number + 1) : null,
    previous: page.number > 1 ? link(page.number - 1) : null,
    results: page.items.map(view),
  }
}

/** Other parameters are kept, and all are sorted by name; the first page needs no parameter of its own. */
export function linkTo(listUrl: string, query: Query, parameter: string, value: string | null): string {
  const others = query.entries.filter(([name]) => name !== parameter)
  const all = value === null ? others : [...others, [parameter, value] as const]
  const sorted = all.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (sorted.length === 0) return listUrl
  return `${listUrl}?${new URLSearchParams(sorted.map(([name, value]): [string, string] => [name, value]))}`
}

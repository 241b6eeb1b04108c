// Windows of lists that grow without bound: walked by a number that only rises, so that additions move nothing.
import { setImmediate as turn } from 'node:timers/promises'

/** Where a window begins, and in which direction it looks. */
export type Position = { readonly before: number } | { readonly after: number }

export type WindowRequest = {
  /** Undefined for the newest. */
  readonly from: Position | undefined
  readonly size: number
}

export type Window<Item> = {
  /** Newest first; they may be fewer than asked for although there are more. */
  readonly items: readonly Item[]
  /** Where to go on; null where there is nothing more. */
  readonly older: Position | null
  readonly newer: Position | null
}

/** Numbers from the first to the last, both included. */
export type Stretch = { readonly first: number; readonly last: number }

export type WindowSource<Item> = {
  /** The numbers there are; a last one before the first where there are none. */
  ends(): Promise<Stretch>
  /** Whether reading passes over many that do not fit: it is then done stretch by stretch, and not for ever. */
  readonly walks: boolean
  /** Those in a stretch that the list holds. */
  read(stretch: Stretch, order: 'rising' | 'falling', limit: number): Promise<Item[]>
}

/**
 * How many numbers are walked in one go, and how often at most for one window: neither other requests nor the
 * caller should wait long.
 */
const stretchLength = 4_096
const stretchesMax = 64

export async function windowOf<Item extends { readonly sequence: number }>(
  source: WindowSource<Item>,
  { from, size }: WindowRequest,
): Promise<Window<Item>> {
  const ends = await source.ends()
  if (from !== undefined && 'after' in from) {
    const { found, stoppedAt } = await collect(source, { ...ends, first: from.after + 1 }, 'rising', size + 1)
    const items = found.slice(0, size).reverse()
    const newest = found.length > size ? items[0]?.sequence : stoppedAt
    return {
      items,
      older: { before: items.at(-1)?.sequence ?? Math.min(from.after, ends.last) + 1 },
      newer: newest === undefined ? null : { after: newest },
    }
  }
  const last = from === undefined ? ends.last : Math.min(ends.last, from.before - 1)
  const { found, stoppedAt } = await collect(source, { ...ends, last }, 'falling', size + 1)
  const items = found.slice(0, size)
  const oldest = found.length > size ? items.at(-1)?.sequence : stoppedAt
  return {
    items,
    older: oldest === undefined ? null : { before: oldest },
    newer: from === undefined ? null : { after: items[0]?.sequence ?? Math.max(from.before - 1, 0) },
  }
}

/** @returns what was found, and the number last looked at where that was not the end */
async function collect<Item>(
  source: WindowSource<Item>,
  { first, last }: Stretch,
  order: 'rising' | 'falling',
  limit: number,
): Promise<{ found: Item[]; stoppedAt?: number }> {
  const found: Item[] = []
  const rest = { first, last }
  const length = source.walks ? stretchLength : last - first + 1
  for (let walked = 0; rest.first <= rest.last; walked++) {
    if (walked === stretchesMax) {
      return { found, stoppedAt: order === 'rising' ? rest.first - 1 : rest.last + 1 }
    }
    // Others have their turn in between: a read of the embedded store is over before anything else runs.
    if (walked > 0) await turn()
    const stretch = { ...rest }
    if (order === 'rising') {
      stretch.last = Math.min(rest.last, rest.first + length - 1)
      rest.first = stretch.last + 1
    } else {
      stretch.first = Math.max(rest.first, rest.last - length + 1)
      rest.last = stretch.first - 1
    }
    found.push(...(await source.read(stretch, order, limit - found.length)))
    if (found.length === limit) break
  }
  return { found }
}

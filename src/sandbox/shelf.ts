// What a stand-in remembers: so much and no more, the oldest forgotten first.

export type Shelf<Thing> = {
  get(name: string): Thing | undefined
  has(name: string): boolean
  put(name: string, thing: Thing): void
  remove(name: string): void
  /** The oldest first. */
  all(): Thing[]
  entries(): Array<[name: string, thing: Thing]>
}

export function shelf<Thing>(max: number): Shelf<Thing> {
  const things = new Map<string, Thing>()
  return {
    get: (name) => things.get(name),
    has: (name) => things.has(name),
    put(name, thing) {
      things.delete(name)
      things.set(name, thing)
      const [oldest] = things.keys()
      if (things.size > max && oldest !== undefined) things.delete(oldest)
    },
    remove: (name) => void things.delete(name),
    all: () => [...things.values()],
    entries: () => [...things],
  }
}

// Writes of one account that come at once are done together: each in a transaction of its own would wait for its turn until it gives up.
import { type Db, transact } from '../storage/database.ts'
import { HubError } from './errors.ts'

/** Others of the account wait for as long as these take. */
const togetherMax = 16

type Waiting<Given, Result> = {
  readonly given: Given
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * @param work awaits nothing but queries; where it throws, nothing of it is written
 * @returns does it, in an order that nobody may rely on
 */
export function jointWrites<Given, Result>(
  db: Db,
  work: (db: Db, given: Given) => Promise<Result>,
): (accountId: number, given: Given) => Promise<Result> {
  const lines = new Map<number, Array<Waiting<Given, Result>>>()

  async function workOff(accountId: number, line: Array<Waiting<Given, Result>>): Promise<void> {
    while (line.length > 0) await write(accountId, line.splice(0, togetherMax))
    lines.delete(accountId)
  }

  async function write(accountId: number, some: ReadonlyArray<Waiting<Given, Result>>): Promise<void> {
    try {
      const results = await transact(db, accountId, async (db) => {
        const results: Array<() => void> = []
        for (const { given, resolve } of some) {
          const result = await work(db, given)
          results.push(() => resolve(result))
        }
        return results
      })
      for (const tell of results) tell()
    } catch (error) {
      // The fault of one is none of the others'.
      if (some.length > 1 && !isOfStore(error)) for (const one of some) await write(accountId, [one])
      else for (const { reject } of some) reject(error)
    }
  }

  return (accountId, given) =>
    new Promise((resolve, reject) => {
      const waiting = { given, resolve, reject }
      const known = lines.get(accountId)
      if (known) {
        known.push(waiting)
        return
      }
      const line = [waiting]
      lines.set(accountId, line)
      void workOff(accountId, line)
    })
}

/** It would be the same for each of them. */
function isOfStore(error: unknown): boolean {
  return error instanceof HubError && error.code.startsWith('storage_')
}

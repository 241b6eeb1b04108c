// Works off the connections whose time to be checked has come, a few at the same time.
import { connectionUpkeepOf, dueChecks } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import { type Clock, later } from './timestamp.ts'

/** How many are looked for in one go, and looked at at the same time. */
const dueAtOnce = 100
const atOnce = 8
/** One that cannot even be opened is not tried over and over. */
const putOffMs = 3_600_000

/**
 * @param given.onError hears of one that could not be looked at; it keeps no other one from its turn
 * @param given.stop no further one is begun then, and what comes of those under way is told to nobody
 */
export async function workOffDue(
  { db, now }: { db: Db; now: Clock },
  given: {
    checkDue(accountId: number, id: number): Promise<void>
    onError(error: unknown): void
    stop: AbortSignal
  },
): Promise<void> {
  const { checkDue, onError, stop } = given
  const rest = stop.aborted ? [] : await dueChecks(db, now(), dueAtOnce)

  function putOff(accountId: number, id: number): Promise<void> {
    return transact(db, accountId, async (db) => {
      const connection = await connectionsOf(db, accountId).find(id)
      if (!connection) return
      await connectionUpkeepOf(db, accountId).set(connection.uid, { checkAt: later(now(), putOffMs) })
    })
  }

  async function worker(): Promise<void> {
    for (let next = rest.shift(); next && !stop.aborted; next = rest.shift()) {
      const { accountId, id } = next
      try {
        await checkDue(accountId, id)
      } catch (error) {
        if (stop.aborted) return
        onError(error)
        await putOff(accountId, id).catch(onError)
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, worker))
}

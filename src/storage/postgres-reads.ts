// Reads outside a transaction that are under way at the same time go over one connection to PostgreSQL.
import type pg from 'pg'
import type { Asked } from './postgres-driver.ts'
import { isOutage } from './postgres-errors.ts'

/** How many reads may be under way on one connection, so that none of them waits for long. */
const sharedMax = 64

/** Reads that are under way at the same time, one behind the other on a connection. */
export class SharedReads {
  readonly #connect: () => Promise<pg.PoolClient>
  readonly #translated: (error: unknown) => unknown
  #open: Promise<Shared> | undefined

  constructor(connect: () => Promise<pg.PoolClient>, translated: (error: unknown) => unknown) {
    this.#connect = connect
    this.#translated = translated
  }

  async ask(asked: Asked): Promise<pg.QueryResult> {
    const shared = await this.#join()
    try {
      return await shared.client.query(asked)
    } catch (error) {
      shared.isBroken ||= isOutage(error)
      throw this.#translated(error)
    } finally {
      shared.users--
      if (shared.users === 0) this.#leave(shared)
    }
  }

  /** Whoever joins counts before anybody else can leave. */
  async #join(): Promise<Shared> {
    const open = this.#open
    const shared = await open
    if (shared && !shared.isReleased && !shared.isBroken && shared.users < sharedMax) {
      shared.users++
      return shared
    }
    if (this.#open === open) this.#open = this.#take()
    return this.#join()
  }

  async #take(): Promise<Shared> {
    try {
      return { client: await this.#connect(), users: 0, isBroken: false, isReleased: false }
    } catch (error) {
      this.#open = undefined
      throw error
    }
  }

  #leave(shared: Shared): void {
    shared.isReleased = true
    shared.client.release(shared.isBroken)
  }
}

type Shared = { client: pg.PoolClient; users: number; isBroken: boolean; isReleased: boolean }

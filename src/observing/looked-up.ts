// What is looked up whenever somebody asks for the metrics: how things stand at that moment.
import { Gauge, type Registry } from 'prom-client'
import type { Readings } from '../hub/readings.ts'
import type { Space } from '../storage/space.ts'

export type LookedUp = Readings & {
  /** Absent where the store is not in a folder. */
  readonly space: Space | undefined
  readonly isStopping: boolean
  readonly writesRefused: boolean
  readonly httpConnections: number
}

/** @returns puts what was looked up into this registry; what could not be is absent there */
export function lookingUp(registry: Registry): (found: LookedUp) => void {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge<Label>({ name: `mortise_${name}`, help, labelNames, registers: [registry] })
  const ready = gauge('ready', 'Whether requests may be sent here, as /readyz says: 1 or 0.')
  const refused = gauge(
    'database_writes_refused',
    'Whether the last write was refused because there is no room, or the file cannot be written: 1 or 0.',
  )
  const answers = gauge(
    'database_answers',
    'Whether the database answered when it was asked just now: 1 or 0.',
  )
  const sockets = gauge('http_connections', 'Connections of clients.')
  const writes = gauge('database_writes_waiting', 'Transactions that wait for their turn to write.')
  const connections = gauge('database_connections', 'Connections to PostgreSQL.', ['state'])
  const connectionsMax = gauge('database_connections_max', 'As many of them as this node may hold.')
  const waiters = gauge('database_connection_waiters', 'Queries and transactions that wait for a connection.')
  const sizes = gauge('database_size_bytes', 'Files of the embedded store.', ['file'])
  const free = gauge('disk_free_bytes', 'Room that is left where the embedded store is.')
  const disk = gauge('disk_size_bytes', 'Room that there is where the embedded store is.')
  const slots = gauge('vault_slots', 'Slots that open the store, by what opens them.', ['kind'])
  const planted = gauge('vault_slots_not_genuine', 'Slots that nobody made who had the store open.')
  const rootKeys = gauge('vault_root_keys', 'Root keys; more than one while old ones are still needed.')
  const waiting = gauge(
    'deliveries_waiting',
    'Deliveries to be tried, now or later, of all nodes; no more than 100000 are counted.',
  )
  const checks = gauge(
    'checks_overdue_seconds',
    'For how long the connection that has waited longest should have been checked, of all nodes.',
  )
  const absentUnlessKnown = [waiting, checks, rootKeys, planted, free, disk, connectionsMax, waiters]

  return ({ load, stored, isSound, space, isStopping, writesRefused, httpConnections }) => {
    for (const one of absentUnlessKnown) one.remove()
    for (const one of [slots, sizes, connections]) one.reset()
    ready.set(Number(isSound && !isStopping))
    refused.set(Number(writesRefused))
    answers.set(Number(stored !== undefined))
    sockets.set(httpConnections)
    writes.set(load.writesWaiting)
    if (load.connections) {
      const { inUse, idle, max, waiting } = load.connections
      connections.set({ state: 'in_use' }, inUse)
      connections.set({ state: 'idle' }, idle)
      connectionsMax.set(max)
      waiters.set(waiting)
    }
    if (space) {
      sizes.set({ file: 'database' }, space.databaseBytes)
      sizes.set({ file: 'log' }, space.logBytes)
      free.set(space.freeBytes)
      disk.set(space.diskBytes)
    }
    if (!stored) return
    const genuine = stored.slots.filter(({ isGenuine }) => isGenuine)
    for (const kind of ['key', 'recovery', 'passphrase'])
      slots.set({ kind }, genuine.filter((slot) => slot.kind === kind).length)
    planted.set(stored.slots.length - genuine.length)
    rootKeys.set(stored.rootKeys)
    waiting.set(stored.waiting)
    checks.set(stored.checkOverdueMs / 1_000)
  }
}

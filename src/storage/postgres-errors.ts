// What PostgreSQL and the way to it say when something fails, in the words that the product knows.
import pg from 'pg'
import { HubError } from '../hub/errors.ts'
import { ReferenceViolation, TransactionConflict, UniqueViolation } from './database.ts'

type Meaning = 'unique' | 'reference' | 'conflict' | 'busy' | 'full' | 'outage' | 'unprepared'

/** SQLSTATE, as the appendix "PostgreSQL Error Codes" of its manual lists them. */
const meanings: Readonly<Record<string, Meaning>> = {
  '23505': 'unique',
  '23503': 'reference',
  '23001': 'reference',
  // Serialization failure, deadlock.
  '40001': 'conflict',
  '40P01': 'conflict',
  // Time-outs: of a statement, of a lock.
  '57014': 'busy',
  '55P03': 'busy',
  '53100': 'full',
  // A statement's name that is not known, or known already.
  '26000': 'unprepared',
  '42P05': 'unprepared',
  // Shut down, crashed, starting up; a session that was ended; too many connections; a standby.
  '57P01': 'outage',
  '57P02': 'outage',
  '57P03': 'outage',
  '57P05': 'outage',
  '25P03': 'outage',
  '25P04': 'outage',
  '53300': 'outage',
  '25006': 'outage',
}

/** Whether the connection, or the server behind it, is of no use any more. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return isOfTheWay(error)
  const { code = '' } = error
  return meanings[code] === 'outage' || code.startsWith('08') || code.startsWith('57P')
}

/** Whether something between loses the names of statements, or gives one connection those of another. */
export function isUnprepared(error: unknown): boolean {
  return error instanceof pg.DatabaseError && meanings[error.code ?? ''] === 'unprepared'
}

/** What the server did not say: the system, or `pg`, tells of the connection. */
function isOfTheWay(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return 'code' in error || /connection|terminated|timeout|queryable|closed/i.test(error.message)
}

/** The cause is for the log alone: it may name hosts. */
export function outage(cause: unknown): HubError {
  return new HubError(
    'storage_unavailable',
    'The database cannot be reached, or went away before it answered. Repeat the request, with the same Idempotency-Key if it had one.',
    { retryAfterS: 1 },
    { cause },
  )
}

export function translated(error: unknown): unknown {
  if (isOutage(error)) return outage(error)
  if (!(error instanceof pg.DatabaseError)) return error
  const { message, code = '' } = error
  switch (meanings[code]) {
    case 'unique':
      return new UniqueViolation(message)
    case 'reference':
      return new ReferenceViolation(message)
    case 'conflict':
    case 'unprepared':
      return new TransactionConflict(message)
    case 'busy':
      return new HubError('storage_busy', 'The store is busy.', { retryAfterS: 1 }, { cause: error })
    case 'full':
      return new HubError('storage_full', 'The store has no room to write.', {}, { cause: error })
    default:
      return error
  }
}

// What SQLite says when something fails, in the words that the product knows.
import { HubError } from '../hub/errors.ts'
import { ReferenceViolation, StoreRefused, UniqueViolation } from './database.ts'

/** Why a file cannot be opened, with what to do; anything else as it is. */
export function asStoreRefused(error: unknown, file: string): unknown {
  const { primary, message } = sqliteError(error) ?? {}
  if (primary === 11 || primary === 26) {
    return new StoreRefused(`${file} is no SQLite database, or a damaged one (${message}). Restore a backup.`)
  }
  if (primary === 14 || primary === 8 || primary === 10) {
    return new StoreRefused(
      `${file} cannot be opened for writing (${message}). Check its folder's permissions.`,
    )
  }
  return error
}

export function translate(error: unknown): unknown {
  const { extended, primary, message } = sqliteError(error) ?? {}
  if (extended === 2067 || extended === 1555) return new UniqueViolation(message)
  if (extended === 787) return new ReferenceViolation(message)
  if (isBusy(error)) return new HubError('storage_busy', 'The store is busy.', { retryAfterS: 1 })
  if (primary === 10) {
    return new HubError(
      'storage_unavailable',
      'The disk does not do what it is asked. Repeat the request, with the same Idempotency-Key if it had one.',
      { retryAfterS: 1 },
      { cause: error },
    )
  }
  if (primary === 13) return new HubError('storage_full', 'The store has no room to write.')
  return error
}

/** Whether another process holds what this one wants. */
export function isBusy(error: unknown): boolean {
  const { primary } = sqliteError(error) ?? {}
  return primary === 5 || primary === 6
}

/** SQLite's own result codes, as https://sqlite.org/rescode.html lists them. */
function sqliteError(error: unknown): { primary: number; extended: number; message: string } | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return { primary: error.errcode & 0xff, extended: error.errcode, message: error.message }
}

// The secrets of connections: sealed when given, opened for one answer, kept for a while when replaced.
import { connectionSecretsOf, maskOf, type SealedSecret } from '../storage/connection-secrets.ts'
import type { Db } from '../storage/database.ts'
import type { Sealer } from '../vault/sealer.ts'
import type { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import type { Connection, OpenedSecrets, PreviousSecret, SecretMask } from './connection.ts'
import { hintOf, type SecretMasks } from './connection-fields.ts'
import { HubError } from './errors.ts'
import { later, type Timestamp } from './timestamp.ts'

/** How long a replaced secret can be had back. */
const previousKeptMs = 7 * 86_400_000

/** What may be shown of the secrets that are set, by connection. */
export async function masksOf(
  db: Db,
  accountId: number,
  connections: readonly Pick<Connection, 'uid'>[],
): Promise<Map<string, SecretMasks>> {
  const masks = new Map<string, Map<string, SecretMask>>(connections.map(({ uid }) => [uid, new Map()]))
  const sealed = await connectionSecretsOf(db, accountId).list(connections.map(({ uid }) => uid))
  for (const secret of sealed) masks.get(secret.connectionUid)?.set(secret.field, maskOf(secret))
  return masks
}

/**
 * Opens the secrets of connections, by connection.
 * @throws HubError secret_integrity_error, after `onDamage` was told whose it is
 */
export async function openSecrets(
  db: Db,
  accountId: number,
  vault: Vault,
  connections: readonly Connection[],
  onDamage: (connection: Connection) => Promise<void>,
): Promise<Map<string, OpenedSecrets>> {
  const opened = new Map<string, OpenedSecrets>()
  const found = await connectionSecretsOf(db, accountId).list(connections.map(({ uid }) => uid))
  const sealer = await vault.sealerKnowing(
    db,
    accountId,
    found.map(({ sealed }) => sealed),
  )
  const byUid = Map.groupBy(found, ({ connectionUid }) => connectionUid)
  for (const connection of connections) {
    const secrets = byUid.get(connection.uid)
    if (secrets) opened.set(connection.uid, await openAll(sealer, connection, secrets, onDamage))
  }
  return opened
}

/**
 * Opens the secrets of one connection, by field.
 * @throws HubError secret_integrity_error, after `onDamage` was told whose it is
 */
export async function openAll(
  sealer: Sealer,
  connection: Connection,
  secrets: Iterable<SealedSecret>,
  onDamage: (connection: Connection) => Promise<void>,
): Promise<OpenedSecrets> {
  const opened = new Map<string, Secret>()
  for (const { connectionUid, field, sealed } of secrets) {
    try {
      opened.set(field, sealer.open(placeOf(connectionUid, field), sealed))
    } catch (error) {
      await onDamage(connection)
      throw error
    }
  }
  return opened
}

/** A secret's new value, sealed before the transaction that stores it; null clears it. */
export type SecretChange = { readonly field: string; readonly next: SealedSecret | null }

export function sealSecrets(
  sealer: Sealer,
  connectionUid: string,
  secrets: ReadonlyMap<string, Secret | null>,
  at: Timestamp,
): SecretChange[] {
  return [...secrets].map(([field, secret]) => ({
    field,
    next: secret && {
      connectionUid,
      field,
      ...sealer.seal(placeOf(connectionUid, field), secret),
      hint: hintOf(secret),
      updatedAt: at,
    },
  }))
}

/** The secrets of one connection, as they are sealed, by field. */
export type SealedSecrets = ReadonlyMap<string, SealedSecret>

export async function sealedSecretsOf(
  db: Db,
  accountId: number,
  connectionUid: string,
): Promise<SealedSecrets> {
  const sealed = await connectionSecretsOf(db, accountId).list([connectionUid])
  return new Map(sealed.map((secret) => [secret.field, secret]))
}

/** Only those that differ from what is there: a secret that is sent again keeps what it was before. */
export function changedSecrets(
  sealer: Sealer,
  current: SealedSecrets,
  given: ReadonlyMap<string, Secret | null>,
): Map<string, Secret | null> {
  const isSame = ({ connectionUid, field, sealed }: SealedSecret, secret: Secret) => {
    try {
      return sealer.open(placeOf(connectionUid, field), sealed).reveal() === secret.reveal()
    } catch (error) {
      // A damaged one is mended by being set anew.
      if (error instanceof HubError) return false
      throw error
    }
  }
  return new Map(
    [...given].filter(([field, secret]) => {
      const before = current.get(field)
      return before === undefined ? secret !== null : secret === null || !isSame(before, secret)
    }),
  )
}

/** Stores changes; what was there before is kept for seven days. */
export async function storeSecrets(
  db: Db,
  accountId: number,
  current: SealedSecrets,
  changes: readonly SecretChange[],
  at: Timestamp,
): Promise<void> {
  const secrets = connectionSecretsOf(db, accountId)
  for (const { field, next } of changes) {
    const before = current.get(field)
    if (before) await secrets.keepPrevious(before, at, later(at, previousKeptMs))
    if (next) await secrets.set(next)
    else if (before) await secrets.remove(before)
  }
}

/** What can be had back of a connection's secrets. */
export async function previousSecretsOf(
  db: Db,
  accountId: number,
  connectionUid: string,
  now: Timestamp,
): Promise<Map<string, PreviousSecret>> {
  const previous = await connectionSecretsOf(db, accountId).listPrevious(connectionUid, now)
  return new Map([...previous].map(([field, { shown }]) => [field, shown]))
}

/**
 * Puts earlier secrets back as they were sealed; what they replace is kept in their stead.
 * @param fields which; all that there are where none are named
 * @returns the fields that were restored
 */
export async function restoreSecrets(
  db: Db,
  accountId: number,
  connectionUid: string,
  fields: readonly string[] | undefined,
  at: Timestamp,
): Promise<string[]> {
  const secrets = connectionSecretsOf(db, accountId)
  const previous = await secrets.listPrevious(connectionUid, at)
  const current = await sealedSecretsOf(db, accountId, connectionUid)
  const restored: string[] = []
  for (const [field, { secret }] of previous) {
    if (fields && !fields.includes(field)) continue
    const before = current.get(field)
    if (before) await secrets.keepPrevious(before, at, later(at, previousKeptMs))
    else await secrets.removePrevious(secret)
    await secrets.set({ ...secret, updatedAt: at })
    restored.push(field)
  }
  return restored
}

/** A sealed field opens in its own connection's row and under its own name, nowhere else. */
function placeOf(connectionUid: string, field: string) {
  return { table: 'connection_secrets', row: connectionUid, field }
}

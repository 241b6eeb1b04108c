// The rules of logos: named by a keyed hash, kept while an integration uses them.
import type { Db } from '../storage/database.ts'
import { findLogo, logosOf } from '../storage/logos.ts'
import type { Vault } from '../vault/vault.ts'
import { notFound } from './errors.ts'
import { type GivenLogo, type Picture, pictureFormats } from './logo.ts'
import { notAnImage } from './pictures.ts'
import type { Timestamp } from './timestamp.ts'

export type LogoOperations = ReturnType<typeof logoOperations>

export function logoOperations({ db }: { db: Db }) {
  return {
    /** @throws HubError not_found, also for a name of the wrong shape */
    async get(name: string): Promise<Picture> {
      const format = pictureFormats.find((known) => name.endsWith(`.${known}`))
      const bytes = format && (await findLogo(db, name))
      if (!format || !bytes) throw notFound()
      return { format, bytes }
    },
  }
}

/**
 * Part of the transaction that changes an integration.
 * @param current the name of the logo it has
 * @returns the name of the logo it will have
 */
export async function placeLogo(
  needs: { db: Db; vault: Vault; accountId: number; at: Timestamp },
  given: GivenLogo,
  current: string | null,
): Promise<string | null> {
  if (given === null) return null
  if ('shown' in given) {
    if (given.shown !== current) throw notAnImage()
    return current
  }
  const sealer = await needs.vault.sealerOf(needs.db, needs.accountId)
  const name = `${sealer.nameOf(given.bytes)}.${given.format}`
  await logosOf(needs.db, needs.accountId).put(name, given.bytes, needs.at)
  return name
}

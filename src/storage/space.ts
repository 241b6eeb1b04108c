// How much room an embedded store takes, and how much there is left for it.
import { stat, statfs } from 'node:fs/promises'

export type Space = {
  readonly databaseBytes: number
  /** Of the write-ahead log. */
  readonly logBytes: number
  /** For this user, on the disk that the store is on. */
  readonly freeBytes: number
  readonly diskBytes: number
}

export async function spaceOf(file: string): Promise<Space> {
  const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0
  const { bavail, blocks, bsize } = await statfs(file)
  return {
    databaseBytes: await sizeOf(file),
    logBytes: await sizeOf(`${file}-wal`),
    freeBytes: bavail * bsize,
    diskBytes: blocks * bsize,
  }
}

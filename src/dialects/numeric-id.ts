// Ids that are numbers, as they stand in a path.
import { notFound } from '../hub/errors.ts'

/** @throws HubError not_found */
export function readId(text: string): number {
  const id = numericId(text)
  if (id === undefined) throw notFound()
  return id
}

/** @returns undefined for what is no positive integer, and so nothing that exists */
export function numericId(text: string): number | undefined {
  const id = Number(text)
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(id) ? id : undefined
}

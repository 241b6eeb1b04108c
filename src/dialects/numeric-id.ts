// Ids that are numbers, as they stand in a path.

/** @returns undefined for what is no positive integer, and so nothing that exists */
export function numericId(text: string): number | undefined {
  const id = Number(text)
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(id) ? id : undefined
}

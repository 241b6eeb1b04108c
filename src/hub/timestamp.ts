// Points in time as they are stored and shown: ISO 8601, UTC, six decimals, `Z`; they sort as text.

export type Timestamp = string & { readonly timestamp: unique symbol }

export type Clock = () => Timestamp

/** The machine's clock, to the millisecond. */
export const systemClock: Clock = () => timestampAt(Date.now())

/** @param epochMs milliseconds since 1970-01-01T00:00:00Z */
export function timestampAt(epochMs: number): Timestamp {
  return new Date(epochMs).toISOString().replace('Z', '000Z') as Timestamp
}

/**
 * Reads `2017-04-25T22:00:47.047560`, with or without decimals and `Z`; the text is taken as UTC.
 * @returns undefined where the text is no such time
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/.exec(text)
  if (!match?.[1]) return undefined
  const epochMs = Date.parse(`${match[1]}Z`)
  // A day that the month does not have is not moved into the next one.
  if (Number.isNaN(epochMs) || !new Date(epochMs).toISOString().startsWith(match[1])) return undefined
  return `${match[1]}.${(match[2] ?? '').padEnd(6, '0')}Z` as Timestamp
}

export function later(time: Timestamp, ms: number): Timestamp {
  return timestampAt(Date.parse(time) + ms)
}

/** The beginning of the hour that a time is in. */
export function hourOf(time: Timestamp): Timestamp {
  return `${time.slice(0, 13)}:00:00.000000Z` as Timestamp
}

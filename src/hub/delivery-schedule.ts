// When a delivery is tried again, and when a webhook is given up.
import { later, type Timestamp } from './timestamp.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** How long after each failed try the next one comes; after the last there is none. */
export const gapsMs = [
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
] as const

export const triesMax = gapsMs.length + 1

/** How far a gap is stretched or shortened, so that not everything that failed together comes again together. */
const jitter = 0.2

/**
 * @param tries how many there were
 * @param spread from 0 to 1
 * @param askedMs how long the receiver asked to be left alone: it may only lengthen the gap, to a day at most
 * @returns null where it is not tried again
 */
export function nextTryAt(
  at: Timestamp,
  tries: number,
  spread: number,
  askedMs: number | null,
): Timestamp | null {
  const gap = gapsMs[tries - 1]
  if (gap === undefined) return null
  const planned = gap * (1 - jitter + 2 * jitter * spread)
  return later(at, Math.round(Math.max(planned, Math.min(askedMs ?? 0, dayMs))))
}

/** `Retry-After`, in seconds or as a date; null for what is neither, or has passed. */
export function askedPauseMs(header: string | undefined, at: Timestamp): number | null {
  if (header === undefined) return null
  const text = header.trim()
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1_000
  // Of the forms of a date, the one that senders use today.
  const ms = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)
    ? Date.parse(text) - Date.parse(at)
    : Number.NaN
  return ms > 0 ? ms : null
}

const givenUpAfterMs = 5 * dayMs
const givenUpFailuresMin = 10

/** Whether a webhook that has failed all this time is left alone from now on. */
export function isGivenUp(failingSince: Timestamp, failures: number, at: Timestamp): boolean {
  return failures >= givenUpFailuresMin && later(failingSince, givenUpAfterMs) <= at
}

// How many generated cases a test tries, from which seed, and what is said of one that fails.
import fc from 'fast-check'

const isFull = process.env.TEST_SCALE === 'full'

/**
 * Parameters for `fc.assert`. `npm test` draws the same cases every time, so that nobody's change is red by chance;
 * `npm run test:slow` draws new ones, and says from which seed.
 * @param round where one property is asserted again, to draw others
 */
export function generated<T>(quick: number, full: number, round = 0): fc.Parameters<T> {
  return {
    numRuns: isFull ? full : quick,
    ...(!isFull && { seed: 20_261_122 + round }),
    reporter: report,
  }
}

/** Lines of a log that should not be there, each as long as can be read. */
export function unexpectedIn(log: string): string[] {
  const lines = log.split('\n').filter((line) => /unexpected error|RangeError|TypeError/.test(line))
  return lines.slice(-5).map((line) => line.slice(0, 4_000))
}

/** The seed and the path come first; what was generated may be very long. */
function report<T>(details: fc.RunDetails<T>): void {
  const message = fc.defaultReportMessage(details)
  if (message === undefined) return
  throw new Error(message.slice(0, 4_000), {
    cause: details.failed ? details.errorInstance : undefined,
  })
}

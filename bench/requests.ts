// What the measurements of both engines share: where they run, the requests they send, the tables they give.
import { type Contender, compare, tableOf } from './compare.ts'
import type { Server } from './servers.ts'
import type { BenchAccount } from './store.ts'

export type Place = {
  /** A folder of the run's own. */
  folder: string
  /** Sees to it that a server is stopped in the end. */
  started(starting: Promise<Server>): Promise<Server>
}

export type Begun = {
  /** In the order of the report; each gives its part of it. */
  scenarios: Record<string, () => Promise<string>>
  /** What else is to be stopped. */
  processes: Array<{ stop(): Promise<void> }>
}

const options = { rounds: 7, roundMs: 1_000 }

/** @param more what is different about it */
export async function table(
  title: string,
  contenders: readonly Contender[],
  more: { warmUpMs?: number } = {},
): Promise<string> {
  return tableOf(title, await compare(contenders, { ...options, ...more }))
}

export function authorizationOf({ key }: BenchAccount): Record<string, string> {
  return { authorization: `Token ${key}` }
}

export const newIntegration = JSON.stringify({
  name: 'Pinestreet Tech',
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  address_line_1: 'Malmvägen 8',
  zip_code: '14171',
  city: 'Segeltorp',
})

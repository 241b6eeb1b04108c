// What those who watch a server are told: what has happened, and what belongs to which request. Nothing of it names an account, a key or an address.
import type { Check, Health } from './connection.ts'
import type { ErrorCode } from './errors.ts'
import type { DisabledReason } from './webhook.ts'

/** Why the database did not do what it was asked; `conflict` was tried again. */
export type StorageFailure = 'busy' | 'full' | 'unavailable' | 'conflict' | 'other'

/** How a call to a provider ended: the class of its status, or why there is none. */
export type CallOutcome =
  | '1xx'
  | '2xx'
  | '3xx'
  | '4xx'
  | '5xx'
  | 'timed_out'
  | 'unreachable'
  | 'denied'
  | 'aborted'
  | 'refused'

export type RefreshOutcome = 'granted' | 'refused' | 'failed' | 'by_another'

/** Durations are in milliseconds, providers by the catalogue's names. */
export type Happening =
  | {
      readonly what: 'answered'
      readonly method: string
      /** As the route table has it; null where there is no such route. */
      readonly route: string | null
      readonly status: number
      readonly code: ErrorCode | null
      readonly durationMs: number
    }
  | { readonly what: 'transaction'; readonly isCommitted: boolean; readonly durationMs: number }
  /** Of the embedded store: so many transactions shared one sync of the disk. */
  | { readonly what: 'commit'; readonly transactions: number; readonly durationMs: number }
  | { readonly what: 'storage failure'; readonly kind: StorageFailure }
  | { readonly what: 'sealed' }
  | { readonly what: 'opened'; readonly isIntact: boolean }
  /** Through a connection's proxy, until the answer's headers. */
  | {
      readonly what: 'call'
      readonly provider: string
      readonly outcome: CallOutcome
      readonly durationMs: number
    }
  | {
      readonly what: 'verification'
      readonly provider: string
      readonly status: Health['status']
      readonly cause: Check['cause']
    }
  | { readonly what: 'refresh'; readonly provider: string; readonly outcome: RefreshOutcome }
  | { readonly what: 'delivery made' }
  | { readonly what: 'delivery tried'; readonly isDelivered: boolean; readonly durationMs: number }
  | { readonly what: 'delivery ended'; readonly outcome: 'delivered' | 'exhausted' }
  | { readonly what: 'webhook disabled'; readonly reason: DisabledReason }
  /** All webhooks were looked at: for how long what has waited longest could have been sent. */
  | { readonly what: 'deliveries looked at'; readonly overdueMs: number }
  /** Something that will be done beside the requests, by its name. */
  | { readonly what: 'work planned'; readonly work: string }
  | { readonly what: 'worked'; readonly work: string; readonly isDone: boolean; readonly durationMs: number }

/** Something that takes time and may fail, within what is under way. Its facts are shown to operators. */
export type Step = {
  readonly name: string
  readonly isOutgoing?: true
  readonly facts: Facts
}

export type Facts = Readonly<Record<string, string | number>>

/** A request that somebody follows. */
export type Followed = {
  /** What it does from here on belongs to this request. */
  run(goOn: () => void): void
  end(facts: Facts, isFailure: boolean): void
}

/** A request has come. @param header one of its headers */
export type Follow = (step: Step, header: (name: string) => string | undefined) => Followed

export type Observer = {
  tell(happening: Happening): void
  /** Runs a step; absent where nobody follows requests. `note` adds what is known of it only later. */
  within?<Result>(step: Step, work: (note: (facts: Facts) => void) => Promise<Result>): Promise<Result>
  /** Absent where nobody follows requests. */
  readonly follow?: Follow
}

/** Where nobody watches. */
export const unobserved: Observer = { tell: () => undefined }

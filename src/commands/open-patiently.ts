// Opens the store for a server, which answers meanwhile that it lives, and what it waits for.
import type { Logger } from 'pino'
import { answerStarting } from '../dialects/starting.ts'
import type { Reason } from '../hub/errors.ts'
import type { Observer } from '../hub/observer.ts'
import type { Settings } from '../settings.ts'
import { openStore, type Store } from '../store.ts'
import { tell } from './report.ts'

/** A database may have to be waited for, and its schema brought up to date: meanwhile the port says so. */
export async function openPatiently(
  { config, secrets }: Settings,
  log: Logger,
  observer: Observer,
): Promise<Store> {
  let stage: keyof typeof startingReasons = 'opening'
  const onLost = (error: Error) =>
    log.warn({ reason: error.message }, 'a connection to the database was lost')
  const onWarning = (warning: string) => log.warn(warning)
  const saying = (now: typeof stage) => (what: string) => {
    stage = now
    tell(what)
  }
  const heard = { onLost, onWarning, onWait: saying('database'), onSchemaHeld: saying('schema'), observer }
  // On a port of no choice there is nobody to answer.
  const starting =
    config.postgres && config.port !== 0 ? answerStarting(config, () => startingReasons[stage]) : undefined
  // Whoever cannot listen now is told so when it matters.
  starting?.catch(() => undefined)
  try {
    return await openStore(config, secrets, { mayCreate: true, ...heard })
  } finally {
    await starting?.then(
      (open) => open.close(),
      () => undefined,
    )
  }
}

/** What a start waits for, for everybody who asks meanwhile. */
const startingReasons = {
  opening: { check: 'starting', detail: 'The store is being opened.' },
  database: { check: 'database', detail: 'The database cannot be reached yet.' },
  schema: { check: 'schema', detail: 'Another process brings the database up to date.' },
} as const satisfies Record<string, Reason>

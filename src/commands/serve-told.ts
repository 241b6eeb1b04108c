// What a server says of itself in its log, beside its requests: values that no key opens, and why it crashed.
import type { Logger } from 'pino'
import type { Hub } from '../app.ts'
import { exitCodes } from './exit-codes.ts'

/** What cannot be opened should be known before somebody needs it. */
export async function tellOfStrays(hub: Hub, log: Logger, isOver: () => boolean): Promise<void> {
  try {
    const values = await hub.valueVerification.countStrays(isOver)
    if (values > 0)
      log.error({ values }, 'sealed values name a key that their account has not: mortise doctor --deep')
  } catch (error) {
    log.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      'values could not be looked at',
    )
  }
}

/** By its stack alone: what hangs on an error beside it may be a request, a row or a secret. */
export function tellOfCrashes(log: Logger): void {
  process.on('uncaughtException', (error: unknown) => {
    const stack = error instanceof Error ? error.stack : `a ${typeof error} was thrown`
    log.fatal({ stack }, 'crashed')
    log.flush(() => process.exit(exitCodes.failed))
  })
}

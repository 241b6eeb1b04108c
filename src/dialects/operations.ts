// Operations: whether the process lives, whether it is ready, what it counts, and the description of the API.
import { metricsRoutes, type operationsRoutes } from '../contract/operations.ts'
import { HubError, type Reason } from '../hub/errors.ts'
import type { JsonText } from '../hub/json-text.ts'
import type { Handlers } from './bind.ts'

export type Readiness = {
  /** Set as soon as the server is asked to stop. */
  isStopping: boolean
  /** What keeps requests from being answered; empty where nothing does. */
  look(): Promise<readonly Reason[]>
  /** Undefined where nothing was refused lately. */
  writesRefused?(): string | undefined
}

export function operationsHandlers(needs: {
  readiness: Readiness
  openapi: JsonText
}): Handlers<typeof operationsRoutes> {
  const { readiness, openapi } = needs
  return {
    async health() {
      return { status: 'ok' }
    },

    async readiness() {
      if (readiness.isStopping) {
        const detail = 'This server is stopping.'
        throw new HubError('shutting_down', detail, { reasons: [{ check: 'stopping', detail }] })
      }
      const reasons = await readiness.look()
      const [first] = reasons
      if (first) throw new HubError('storage_unavailable', first.detail, { reasons, retryAfterS: 1 })
      const refused = readiness.writesRefused?.()
      return {
        status: 'ready',
        reasons: refused === undefined ? [] : [{ check: 'writes', detail: refused }],
      }
    },

    async openapi() {
      return openapi
    },
  }
}

/** @param write what is counted, as text */
export function metricsHandlers({ write }: { write(): Promise<string> }): Handlers<typeof metricsRoutes> {
  const { mediaType } = metricsRoutes.metrics.reply
  return {
    async metrics() {
      return { mediaType, bytes: Buffer.from(await write()), isMomentary: true }
    },
  }
}

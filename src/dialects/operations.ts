// Operations: whether the process lives, whether it is ready, and the description of the API.
import type { operationsRoutes } from '../contract/operations.ts'
import { HubError } from '../hub/errors.ts'
import type { JsonText } from '../hub/json-text.ts'
import type { Handlers } from './bind.ts'

export type Readiness = {
  /** Set as soon as the server is asked to stop. */
  isStopping: boolean
  /** Throws where the store does not answer. */
  askStore(): Promise<void>
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
      if (readiness.isStopping) throw new HubError('shutting_down', 'This server is stopping.')
      try {
        await readiness.askStore()
      } catch {
        throw new HubError('storage_busy', 'The store does not answer.')
      }
      return { status: 'ready' }
    },
    async openapi() {
      return openapi
    },
  }
}

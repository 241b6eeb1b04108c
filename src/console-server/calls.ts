// Trying calls and snippets at the console: read the wire, ask the verb, show the result.
import type { callRoutes } from '../contract/console-calls.ts'
import type { Handlers } from '../dialects/bind.ts'
import { readId } from '../dialects/numeric-id.ts'
import { readCall } from '../dialects/v2/proxy.ts'
import type { ConnectionOperations } from '../hub/connections.ts'
import { embedOf } from '../hub/embeds.ts'
import type { Proxying } from '../hub/proxying.ts'
import { previewOf } from './preview.ts'
import { tryOut } from './try-out.ts'

export function callHandlers(needs: {
  connections: ConnectionOperations
  proxying: Proxying
}): Handlers<typeof callRoutes> {
  const { connections, proxying } = needs
  return {
    async try_out({ params, body }, caller) {
      const id = readId(params.id)
      return tryOut(proxying, caller, id, readCall(await body()))
    },
    async preview({ params }, caller) {
      const { html } = await embedOf(await connections.get(caller, readId(params.id)), {})
      return previewOf(html)
    },
  }
}

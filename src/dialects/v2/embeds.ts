// Snippets for pages in v2: find the connection, make its snippet, show it.
import type { EmbeddingPage } from '../../catalogue/snippet.ts'
import type { embedRoutes } from '../../contract/v2/embeds.ts'
import type { ConnectionOperations } from '../../hub/connections.ts'
import { embedOf } from '../../hub/embeds.ts'
import type { Handlers } from '../bind.ts'
import { readId } from '../numeric-id.ts'
import type { Query } from '../url-encoded.ts'
import { readSingle } from './parameters.ts'

export function embedHandlers({
  connections,
}: {
  connections: ConnectionOperations
}): Handlers<typeof embedRoutes> {
  return {
    async embed({ params, query }, caller) {
      const { connection, provider } = await connections.get(caller, readId(params.id))
      const { html, hosts, warnings } = await embedOf({ connection, provider }, readPage(query))
      return { id: connection.id, provider: provider.name, html, hosts: [...hosts], warnings: [...warnings] }
    },
  }
}

function readPage(query: Query): EmbeddingPage {
  const [url, identifier, title] = ['url', 'identifier', 'title'].map((name) => readSingle(query, name))
  return {
    ...(url !== undefined && { url }),
    ...(identifier !== undefined && { identifier }),
    ...(title !== undefined && { title }),
  }
}

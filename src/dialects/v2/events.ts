// Events in v2: read the wire, call one verb, show the result.
import type { eventRoutes } from '../../contract/v2/events.ts'
import { invalidField } from '../../hub/errors.ts'
import { eventPatterns, type StoredEvent, typesOf } from '../../hub/event.ts'
import type { EventFilter, Events } from '../../hub/events.ts'
import { JsonText } from '../../hub/json-text.ts'
import type { Handlers } from '../bind.ts'
import type { Query } from '../url-encoded.ts'
import { readWindow, windowView } from './cursor.ts'
import { readSingle } from './parameters.ts'

export function eventHandlers(needs: {
  events: Events
  publicUrl: () => string
}): Handlers<typeof eventRoutes> {
  const { events, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const window = await events.page(caller, { filter: readFilter(query), ...readWindow(query) })
      return windowView(window, `${publicUrl()}${path}`, query, eventView)
    },
    async retrieve({ params }, caller) {
      return eventView(await events.get(caller, params.id))
    },
  }
}

/** As it was written. */
function eventView({ body }: StoredEvent): JsonText {
  return new JsonText(body)
}

function readFilter(query: Query): EventFilter {
  const pattern = readSingle(query, 'type')
  const integrationId = readSingle(query, 'integration')
  const types = pattern === undefined ? undefined : typesOf(pattern)
  if (types?.length === 0) {
    throw invalidField(
      'type',
      `Give a type, or the beginning of some; there are: ${eventPatterns.join(', ')}.`,
    )
  }
  return { ...(types && { types }), ...(integrationId !== undefined && { integrationId }) }
}

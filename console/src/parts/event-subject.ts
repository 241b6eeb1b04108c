// What an event is about: how people call it, and where it is looked at today.
import type { Event } from '../hub.ts'

/** Blank where it has no name. */
export function nameOf({ data }: Pick<Event, 'data'>): string {
  const named = [data.title, data.name, data.url, data.id].find((name) => name !== '' && name !== undefined)
  return named === undefined || named === null ? '' : String(named)
}

/** Null of what is gone, and of what has no page. */
export function placeOf({ type, data, integration }: Pick<Event, 'type' | 'data' | 'integration'>) {
  const id = String(data.id ?? '')
  if (id === '' || type.endsWith('.deleted')) return null
  switch (type.slice(0, type.indexOf('.'))) {
    case 'connection':
      return integration === null
        ? null
        : ({ to: '/console/as/$integration/connections/$id', params: { integration, id } } as const)
    case 'endpoint':
    case 'webhook':
      return integration === null
        ? null
        : ({ to: '/console/as/$integration/webhooks/$id', params: { integration, id } } as const)
    case 'integration':
      return { to: '/console/integrations/$id', params: { id } } as const
    case 'api_key':
      return { to: '/console/api-keys' } as const
    default:
      return null
  }
}

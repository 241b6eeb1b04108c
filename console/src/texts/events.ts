// What the console says of events: what each type means, in the words of the documentation.
import type { EventPattern } from '../hub.ts'

type EventType = Exclude<EventPattern, '*' | `${string}.*`>

/** Complete, or it does not compile. */
const types: Readonly<Record<EventType, string>> = {
  'api_key.created': 'A key was made.',
  'api_key.revoked': 'A key was revoked.',
  'api_key.rolled': 'A key was rolled: another takes its place.',
  'api_key.updated': "A key's name, end or rights were changed.",
  'connection.created': 'A connection was made.',
  'connection.credential_changed': 'Credentials were given anew, cleared or restored.',
  'connection.deleted': 'A connection was deleted, with its credentials.',
  'connection.health_changed': 'A connection is healthier or less so than before.',
  'connection.refresh_failed': 'No new access token was had: somebody has to sign in again.',
  'connection.updated': 'A connection was changed.',
  'endpoint.disabled': 'Mortise has disabled a webhook.',
  'freelancer.created': 'A freelancer was made.',
  'freelancer.deleted': 'A freelancer was deleted.',
  'freelancer.updated': 'A freelancer was changed.',
  'integration.created': 'An integration was made.',
  'integration.deleted': 'An integration was deleted.',
  'integration.updated': 'An integration was changed.',
  'webhook.created': 'A webhook was made.',
  'webhook.deleted': 'A webhook was deleted.',
  'webhook.test': 'A test was asked for; it is sent to that webhook alone.',
  'webhook.updated': 'A webhook was changed, or its secret rotated.',
}

export const eventTexts = {
  title: 'Events',
  help: 'Every change of this account, newest first, kept for thirty days.',
  type: 'Type',
  integration: 'Integration id',
  integrationPlaceholder: 'Also of one that is gone',
  types: types as Readonly<Record<string, string>>,
  nouns: {
    api_key: 'API keys',
    connection: 'connections',
    endpoint: 'endpoints',
    freelancer: 'freelancers',
    integration: 'integrations',
    webhook: 'webhooks',
  } as Readonly<Record<string, string>>,
  older: 'Show older events',
  none: 'No events',
  noneHelp: 'Once something is made, changed or deleted in this account, it is told here.',
  nothingFound: 'No event is like that',
  nothingFoundHelp: 'Choose another type or integration. Events are kept for thirty days.',
  number: (sequence: number) => `number ${sequence}`,
  wholeAccount: 'the whole account',
  object: 'The object as it is now',
  data: 'What is told',
  dataHelp: 'The event as it is read and sent: the object in data, as it was then.',
  deliveries: 'Where it was sent',
  noDeliveries: 'No webhook that can be seen here was sent this event.',
} as const

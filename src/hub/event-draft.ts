// What a change has to tell: a type, the object as it is from then on, and the integration it belongs to.
import type { ApiKeyNow } from './api-key.ts'
import type { EventType } from './event.ts'
import type { Freelancer } from './freelancer.ts'
import type { Integration } from './integration.ts'
import { shownIntegration } from './key-changes.ts'
import type { MaskedConnection } from './masked-connections.ts'
import type { NamedWebhook } from './webhook.ts'

/** What an event is about; of what is gone, how it was last. */
export type EventSubject =
  | { readonly noun: 'api_key'; readonly object: ApiKeyNow }
  | { readonly noun: 'connection'; readonly object: MaskedConnection }
  | { readonly noun: 'freelancer'; readonly object: Freelancer }
  | { readonly noun: 'integration'; readonly object: Integration }
  | { readonly noun: 'webhook'; readonly object: NamedWebhook }

export type EventDraft = {
  readonly type: EventType
  readonly about: EventSubject
  /** Null for what belongs to the account as a whole. */
  readonly integration: { readonly uid: string; readonly id: string } | null
  /** The one webhook that is told, whatever it hears otherwise; all that hear of it where none is named. */
  readonly only?: string
}

type Verb<Noun extends string> = EventType extends infer Type
  ? Type extends `${Noun}.${infer Name}`
    ? Name
    : never
  : never

export function integrationEvent(verb: Verb<'integration'>, object: Integration): EventDraft {
  return { type: `integration.${verb}`, about: { noun: 'integration', object }, integration: object }
}

export function freelancerEvent(verb: Verb<'freelancer'>, object: Freelancer): EventDraft {
  const integration = { uid: object.integrationUid, id: object.integrationId }
  return { type: `freelancer.${verb}`, about: { noun: 'freelancer', object }, integration }
}

export function connectionEvent(verb: Verb<'connection'>, object: MaskedConnection): EventDraft {
  const integration = { uid: object.connection.integrationUid, id: object.integrationId }
  return { type: `connection.${verb}`, about: { noun: 'connection', object }, integration }
}

/** One where the health is another than before, and none where it is the same. */
export function healthEvents(before: string, object: MaskedConnection): EventDraft[] {
  return before === object.connection.health.status ? [] : [connectionEvent('health_changed', object)]
}

export function apiKeyEvent(verb: Verb<'api_key'>, object: ApiKeyNow): EventDraft {
  const { integrationUid: uid } = object
  const id = shownIntegration(object)
  const integration = uid === null || id === null ? null : { uid, id }
  return { type: `api_key.${verb}`, about: { noun: 'api_key', object }, integration }
}

export function webhookEvent(verb: Exclude<Verb<'webhook'>, 'test'>, object: NamedWebhook): EventDraft {
  return { type: `webhook.${verb}`, about: { noun: 'webhook', object }, integration: integrationOf(object) }
}

/** Told to the webhook that is tested alone. */
export function testEvent(object: NamedWebhook): EventDraft {
  return {
    type: 'webhook.test',
    about: { noun: 'webhook', object },
    integration: integrationOf(object),
    only: object.uid,
  }
}

/** Mortise itself has disabled it. */
export function disabledEvent(object: NamedWebhook): EventDraft {
  return { type: 'endpoint.disabled', about: { noun: 'webhook', object }, integration: integrationOf(object) }
}

function integrationOf({ integrationUid, integrationId }: NamedWebhook) {
  return { uid: integrationUid, id: integrationId }
}

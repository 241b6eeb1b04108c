// The rules of webhooks: who may see, make, change and remove which.
import { type Db, transact } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { webhooksOf } from '../storage/webhooks.ts'
import { memberNames, type RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { deniedWords, isDeniedAddress, type JudgesAddress } from './connection-changes.ts'
import { HubError, invalidField, notFound } from './errors.ts'
import { everyEvent } from './event.ts'
import { webhookEvent } from './event-draft.ts'
import { type Integration, integrationTypes } from './integration.ts'
import { JsonText } from './json-text.ts'
import { type Page, type PageRequest, pageOf } from './page.ts'
import type { Clock, Timestamp } from './timestamp.ts'
import {
  type NamedWebhook,
  type NewWebhook,
  type Webhook,
  type WebhookChange,
  webhooksMax,
} from './webhook.ts'
import { judgeWebhookSecret, newWebhookSecret, type WebhookSecrets } from './webhook-secrets.ts'

export type WebhookOperations = ReturnType<typeof webhookOperations>

/** A webhook, and its secret: that is in this answer and nowhere else, ever. */
export type MadeWebhook = { readonly webhook: NamedWebhook; readonly secret: string }

export function webhookOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  webhookSecrets: WebhookSecrets
  record: RecordAudit
  judgeAddress: JudgesAddress
}) {
  const { db, now, newUid, webhookSecrets, record, judgeAddress } = needs

  function judge({ url, events, secret }: Partial<NewWebhook>): void {
    if (secret !== undefined) judgeWebhookSecret(secret)
    if (events?.length === 0) throw invalidField('events', 'Name at least one, or * for all.')
    if (url !== undefined && isDeniedAddress(url, judgeAddress)) {
      throw new HubError('egress_denied', deniedWords, { fields: new Map([['url', [deniedWords]]]) })
    }
  }

  /** Only what is given changes. */
  function change(caller: Caller, uid: string, given: WebhookChange): Promise<NamedWebhook> {
    judge(given)
    return transact(db, caller.accountId, async (db) => {
      const before = await findWebhook(db, caller, uid)
      const at = now()
      const after: NamedWebhook = { ...before, ...changed(before, given, at), updatedAt: at }
      await webhooksOf(db, caller.accountId).update(after)
      const { isDisabled, ...members } = given
      await record(db, caller, at, {
        action: 'webhook.changed',
        subject: `webhook/${uid}`,
        data: {
          changed: [...memberNames(members), ...(isDisabled === undefined ? [] : ['disabled_at'])],
        },
        events: [webhookEvent('updated', after)],
      })
      return after
    })
  }

  return {
    /** Oldest first, within the integration acted as. */
    async page(caller: Caller, request: PageRequest): Promise<Page<NamedWebhook>> {
      const { uid } = await parentOf(db, caller)
      const webhooks = webhooksOf(db, caller.accountId)
      return pageOf(request, {
        count: () => webhooks.count(uid),
        window: (limit, offset) => webhooks.window(uid, limit, offset),
      })
    },

    get: (caller: Caller, uid: string): Promise<NamedWebhook> => findWebhook(db, caller, uid),

    create(caller: Caller, given: NewWebhook): Promise<MadeWebhook> {
      judge(given)
      const { url, events = [everyEvent], metadata = JsonText.emptyObject, isDisabled = false } = given
      const secret = given.secret ?? newWebhookSecret()
      return transact(db, caller.accountId, async (db) => {
        const integration = await parentOf(db, caller)
        const webhooks = webhooksOf(db, caller.accountId)
        if ((await webhooks.count()) >= webhooksMax) {
          throw new HubError('too_many', `An account has ${webhooksMax} webhooks at most. Delete one first.`)
        }
        const at = now()
        const webhook: NamedWebhook = {
          uid: newUid(),
          integrationUid: integration.uid,
          integrationId: integration.id,
          reach: integration.type === integrationTypes.webApp ? 'account' : 'integration',
          url,
          events: [...new Set(events)],
          metadata,
          createdAt: at,
          updatedAt: at,
          ...(isDisabled ? disabledBy(at) : enabled),
        }
        await webhooks.insert(webhook)
        await webhookSecrets.insert(db, caller.accountId, webhook.uid, secret, at)
        await record(db, caller, at, {
          action: 'webhook.created',
          subject: `webhook/${webhook.uid}`,
          data: { integration: integration.id },
          events: [webhookEvent('created', webhook)],
        })
        return { webhook, secret }
      })
    },

    change,

    /** Like `change`, but what is left out goes back to its default; the secret stays. */
    replace: (caller: Caller, uid: string, given: WebhookChange & { url: string }) =>
      change(caller, uid, {
        events: [everyEvent],
        metadata: JsonText.emptyObject,
        isDisabled: false,
        ...given,
      }),

    /** For a day, deliveries are signed with both. What was disabled for its secret alone is enabled by it. */
    rotateSecret(caller: Caller, uid: string, given: string | undefined): Promise<MadeWebhook> {
      if (given !== undefined) judgeWebhookSecret(given)
      const secret = given ?? newWebhookSecret()
      return transact(db, caller.accountId, async (db) => {
        const at = now()
        const before = await findWebhook(db, caller, uid)
        const isMended = before.disabledReason === 'secret_damaged'
        const webhook = { ...before, ...(isMended && enabled), updatedAt: at }
        await webhooksOf(db, caller.accountId).update(webhook)
        await webhookSecrets.rotate(db, caller.accountId, uid, secret, at)
        await record(db, caller, at, {
          action: 'webhook.secret_rotated',
          subject: `webhook/${uid}`,
          data: {},
          events: [webhookEvent('updated', webhook)],
        })
        return { webhook, secret }
      })
    },

    /** Nothing is sent from here on; its secrets are overwritten in the store. */
    remove(caller: Caller, uid: string): Promise<void> {
      return transact(db, caller.accountId, async (db) => {
        const webhook = await findWebhook(db, caller, uid)
        await webhooksOf(db, caller.accountId).remove(uid)
        await record(db, caller, now(), {
          action: 'webhook.deleted',
          subject: `webhook/${uid}`,
          data: { integration: webhook.integrationId },
          events: [webhookEvent('deleted', webhook)],
        })
      })
    },
  }
}

/** @throws HubError not_found, also for one of another integration than the one acted as */
export async function findWebhook(db: Db, caller: Caller, uid: string): Promise<NamedWebhook> {
  const { uid: integrationUid } = await parentOf(db, caller)
  const webhook = await webhooksOf(db, caller.accountId).find(uid)
  if (webhook?.integrationUid !== integrationUid) throw notFound()
  return webhook
}

/**
 * The integration acted as. Its webhooks hear of the whole account where it is the Web App Integration: a key
 * that is bound to it, and sees nothing else, may not have that told to an address of its choice.
 */
async function parentOf(db: Db, caller: Caller): Promise<Integration> {
  const integration = await integrationsOf(db, caller.accountId).findByUid(caller.actingAs ?? '')
  if (!integration) throw new HubError('integration_required', 'The Integration-ID header is required.')
  if (caller.boundTo !== null && integration.type === integrationTypes.webApp) {
    throw new HubError(
      'forbidden',
      'Webhooks of the Web App Integration hear of the whole account: they are not for a key that is bound to it.',
    )
  }
  return integration
}

const enabled = { disabledAt: null, disabledReason: null, failingSince: null, failures: 0 } as const

function disabledBy(at: Timestamp): Pick<Webhook, keyof typeof enabled> {
  return { ...enabled, disabledAt: at, disabledReason: 'by_request' }
}

function changed(before: Webhook, given: WebhookChange, at: Timestamp): Partial<Webhook> {
  const { url, events, metadata, isDisabled } = given
  const isOther = isDisabled !== undefined && isDisabled !== (before.disabledAt !== null)
  return {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(metadata !== undefined && { metadata }),
    ...(isOther && (isDisabled ? disabledBy(at) : enabled)),
  }
}

// Duties on events and webhooks, for a person who looks on while something is built.
import { Type } from 'typebox'
import { invalidField } from '../hub/errors.ts'
import { eventPatterns, typesOf } from '../hub/event.ts'
import { parseTimestamp } from '../hub/timestamp.ts'
import { defineDuty } from './duty.ts'

const account = Type.Integer({ minimum: 1 })

/** The tries of the account's webhooks from a time on, oldest first. */
export const recentAttempts = defineDuty(
  Type.Object({ account, since: Type.String() }),
  async (hub, { account, since: text }) => {
    await hub.accounts.get(account)
    const since = parseTimestamp(text)
    if (since === undefined) throw invalidField('since', 'Give a time in UTC.')
    return { attempts: await hub.deliveryLog.attemptsSince(hub.callerFor(account), since) }
  },
)

/** Events after a number, oldest first; without one, nothing but the number of the last. */
export const nextEvents = defineDuty(
  Type.Object({
    account,
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    type: Type.Optional(Type.String()),
  }),
  async (hub, { account, after, type = '*' }) => {
    await hub.accounts.get(account)
    const types = typesOf(type)
    if (types.length === 0) {
      throw invalidField('type', `There is no such type of event. Known: ${eventPatterns.join(', ')}.`)
    }
    return hub.events.next(hub.callerFor(account), after, types)
  },
)

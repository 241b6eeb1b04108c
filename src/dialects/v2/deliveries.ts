// Deliveries in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type {
  Delivery as DeliverySchema,
  DeliveryWithAttempts,
  deliveryRoutes,
} from '../../contract/v2/deliveries.ts'
import type { DeliveryLog } from '../../hub/delivery-log.ts'
import { parseTimestamp } from '../../hub/timestamp.ts'
import { type Delivery, deliveryStatuses } from '../../hub/webhook.ts'
import type { Handlers } from '../bind.ts'
import { readWindow, windowView } from './cursor.ts'
import { readChoice } from './parameters.ts'

export function deliveryHandlers(needs: {
  deliveryLog: DeliveryLog
  publicUrl: () => string
}): Handlers<typeof deliveryRoutes> {
  const { deliveryLog, publicUrl } = needs
  return {
    async list({ params, query, path }, caller) {
      const status = readChoice(query, 'status', deliveryStatuses)
      const window = await deliveryLog.page(caller, params.id, { status, ...readWindow(query) })
      return windowView(window, `${publicUrl()}${path}`, query, deliveryView)
    },
    async retrieve({ params }, caller) {
      return wholeView(await deliveryLog.get(caller, params.id, params.delivery))
    },
    async replay({ params }, caller) {
      return wholeView(await deliveryLog.replay(caller, params.id, params.delivery))
    },
    async replay_range({ params, body }, caller) {
      await deliveryLog.page(caller, params.id, { from: undefined, size: 1 })
      const { since, until, after, which = 'undelivered' } = await body()
      const [from, to] = [timeFrom(since), timeFrom(until)]
      return deliveryLog.replayRange(caller, params.id, {
        which,
        ...(from && { since: from }),
        ...(to && { until: to }),
        ...(after !== undefined && { after }),
      })
    },
    async test({ params }, caller) {
      return wholeView(await deliveryLog.test(caller, params.id))
    },
  }
}

function deliveryView({
  id,
  type,
  sequence,
  status,
  createdAt,
  dueAt,
  attempts,
}: Delivery): Static<typeof DeliverySchema> {
  return {
    id,
    type,
    sequence,
    status,
    created_at: createdAt,
    next_attempt_at: dueAt,
    attempts_made: attempts.length,
    last_status: attempts.at(-1)?.status ?? null,
  }
}

function wholeView(delivery: Delivery): Static<typeof DeliveryWithAttempts> {
  return { ...deliveryView(delivery), attempts: [...delivery.attempts] }
}

/** A body was judged by its schema before. */
function timeFrom(text: string | undefined) {
  return text === undefined ? undefined : parseTimestamp(text)
}

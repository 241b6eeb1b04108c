// The console's first page, and where events were sent: ask the verb, show the result.
import type { overviewRoutes } from '../contract/console-overview.ts'
import type { Handlers } from '../dialects/bind.ts'
import type { DeliveryLog } from '../hub/delivery-log.ts'
import type { OverviewOperations } from '../hub/overview.ts'
import { overviewView, webhookTitle } from './overview-view.ts'

export function overviewHandlers(needs: {
  overview: OverviewOperations
  deliveryLog: DeliveryLog
}): Handlers<typeof overviewRoutes> {
  const { overview, deliveryLog } = needs
  return {
    async overview(_input, caller) {
      return overviewView(await overview.get(caller))
    },
    async event_deliveries({ params }, caller) {
      const sent = await deliveryLog.ofEvent(caller, params.id)
      return {
        deliveries: sent.map(({ webhook, status }) => ({
          webhook: webhook.uid,
          integration: webhook.integrationId,
          title: webhookTitle(webhook),
          status,
        })),
      }
    },
  }
}

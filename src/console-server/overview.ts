// What the console's first page shows: ask the verb, show the result.
import type { consoleRoutes } from '../contract/console.ts'
import type { Handlers } from '../dialects/bind.ts'
import type { OverviewOperations } from '../hub/overview.ts'

export function overviewHandlers({
  overview,
}: {
  overview: OverviewOperations
}): Handlers<typeof consoleRoutes> {
  return {
    async overview(_input, caller) {
      const { connections, attention } = await overview.get(caller)
      return {
        connections,
        attention: attention.map((one) => ({
          id: one.id,
          integration: one.integrationId,
          integration_name: one.integrationName,
          provider: one.provider,
          title: one.title,
          status: one.status,
          reason: one.reason,
          checked_at: one.checkedAt,
        })),
      }
    },
  }
}

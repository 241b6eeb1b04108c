// What is in force, for operators at the console.
import type { ShownSetting, settingsRoutes } from '../contract/console-operators.ts'
import type { Handlers } from '../dialects/bind.ts'

export function settingsHandlers({
  version,
  settings,
}: {
  version: string
  settings: () => readonly ShownSetting[]
}): Handlers<typeof settingsRoutes> {
  return { settings: async () => ({ version, settings: [...settings()] }) }
}

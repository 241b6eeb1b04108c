// Duties on the console: signing in from the command line.
import { Type } from 'typebox'
import { defineDuty } from './duty.ts'

export const createConsoleLink = defineDuty(
  Type.Object({ account: Type.Integer({ minimum: 1 }) }),
  async (hub, input) => {
    const { id } = await hub.accounts.get(input.account)
    const { text, expiresAt } = await hub.consoleSessions.createLink(id)
    return { account: id, path: consolePath(text), expires_at: expiresAt }
  },
)

/** Behind the `#`, so that it reaches no server's log: the console's page reads it. */
export function consolePath(link: string): string {
  return `/#sign-in=${link}`
}

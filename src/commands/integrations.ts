// `mortise integrations …`: whom an account acts as; its commands are made from the contract.
import type { Command } from 'commander'

export function addIntegrations(program: Command): void {
  program.command('integrations').description('list, make and change integrations: whom the product acts as')
}

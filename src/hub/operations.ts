// The verbs of the API's own resources, on a database handle that may be a transaction.
import type { Db } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import { type FreelancerOperations, freelancerOperations } from './freelancers.ts'
import { type IntegrationOperations, integrationOperations } from './integrations.ts'
import type { Clock } from './timestamp.ts'

export type Operations = {
  readonly integrations: IntegrationOperations
  readonly freelancers: FreelancerOperations
}

export function operations(needs: {
  db: Db
  now: Clock
  newUid(): string
  forgetKeys(): void
  vault: Vault
}): Operations {
  return { integrations: integrationOperations(needs), freelancers: freelancerOperations(needs) }
}

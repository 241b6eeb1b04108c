// The verbs of the API's own resources, on a database handle that may be a transaction.
import type { Catalogue } from '../catalogue/index.ts'
import type { Db } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import { type AccountOperations, accountOperations } from './accounts.ts'
import { type ApiKeyOperations, apiKeyOperations } from './api-keys.ts'
import type { RecordAudit } from './audit.ts'
import type { AuditByMinute } from './audit-by-minute.ts'
import type { JudgesAddress } from './connection-changes.ts'
import { type ConnectionOperations, connectionOperations } from './connections.ts'
import { type CredentialOperations, credentialOperations } from './credentials.ts'
import { type FreelancerOperations, freelancerOperations } from './freelancers.ts'
import { type IntegrationOperations, integrationOperations } from './integrations.ts'
import type { Clock } from './timestamp.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'
import { type WebhookOperations, webhookOperations } from './webhooks.ts'

export type Operations = {
  readonly accounts: AccountOperations
  readonly apiKeys: ApiKeyOperations
  readonly integrations: IntegrationOperations
  readonly freelancers: FreelancerOperations
  readonly connections: ConnectionOperations
  readonly credentials: CredentialOperations
  readonly webhooks: WebhookOperations
}

export function operations(needs: {
  db: Db
  now: Clock
  newUid(): string
  forgetKeys(): void
  vault: Vault
  catalogue: Catalogue
  auditByMinute: AuditByMinute
  record: RecordAudit
  judgeAddress: JudgesAddress
  webhookSecrets: WebhookSecrets
}): Operations {
  const apiKeysOn = (db: Db) => apiKeyOperations({ ...needs, db })
  return {
    accounts: accountOperations({ ...needs, apiKeysOn }),
    apiKeys: apiKeysOn(needs.db),
    integrations: integrationOperations(needs),
    freelancers: freelancerOperations(needs),
    connections: connectionOperations(needs),
    credentials: credentialOperations(needs),
    webhooks: webhookOperations(needs),
  }
}

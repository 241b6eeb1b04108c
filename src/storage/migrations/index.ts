// The list of migrations, by hand and in order; a released one is never edited.
import type { Migration } from 'kysely/migration'
import * as ground from './0001-ground.ts'
import * as tallies from './0002-tallies.ts'
import * as storedAnswers from './0003-stored-answers.ts'
import * as logos from './0004-logos.ts'
import * as connectionsByApi from './0005-connections-by-api.ts'
import * as auditByKey from './0006-audit-by-key.ts'
import * as leases from './0007-leases.ts'
import * as rateLimits from './0008-rate-limits.ts'
import * as vault from './0009-vault.ts'
import * as verification from './0010-verification.ts'
import * as deletedAccounts from './0011-deleted-accounts.ts'
import * as events from './0012-events.ts'
import * as webhooks from './0013-webhooks.ts'
import * as proxyLimits from './0014-proxy-limits.ts'
import * as consoleSessions from './0030-console-sessions.ts'
import * as hourlyCounts from './0031-hourly-counts.ts'
import * as consoleSwitches from './0033-console-switches.ts'

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-ground': ground,
  '0002-tallies': tallies,
  '0003-stored-answers': storedAnswers,
  '0004-logos': logos,
  '0005-connections-by-api': connectionsByApi,
  '0006-audit-by-key': auditByKey,
  '0007-leases': leases,
  '0008-rate-limits': rateLimits,
  '0009-vault': vault,
  '0010-verification': verification,
  '0011-deleted-accounts': deletedAccounts,
  '0012-events': events,
  '0013-webhooks': webhooks,
  '0014-proxy-limits': proxyLimits,
  '0030-console-sessions': consoleSessions,
  '0031-hourly-counts': hourlyCounts,
  '0033-console-switches': consoleSwitches,
}

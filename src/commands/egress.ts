// Whom a hub may call, as its settings say; never itself or its database.
import type { Config, ConfigSecrets } from '../config.ts'
import type { Egress, OwnPlace } from '../outbound/guard.ts'

/** @param port where it listens; undefined where it does not */
export function egressOf(
  { egress, host }: Pick<Config, 'egress' | 'host'>,
  { databaseUrl }: Pick<ConfigSecrets, 'databaseUrl'>,
  port: () => number | undefined = () => undefined,
): Egress {
  const database = databaseUrl === undefined ? null : URL.parse(databaseUrl)
  const ofDatabase: OwnPlace[] = database
    ? [{ host: database.hostname, port: Number(database.port) || 5_432 }]
    : []
  return {
    allow: egress.allow,
    own() {
      const listening = port()
      return listening === undefined ? ofDatabase : [...ofDatabase, { host, port: listening }]
    },
    ...(egress.sandboxUrl !== null && { standIn: egress.sandboxUrl }),
  }
}

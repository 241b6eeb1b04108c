// What is in force, as operators may read it: never a secret, and nothing that leads to one.
import type { Config } from './config.ts'
import type { ShownSetting } from './contract/console-operators.ts'
import { writtenAllowed } from './outbound/allowed.ts'

export function shownSettings(config: Config, publicUrl: string): ShownSetting[] {
  const { postgres, egress, rateLimits, trustedProxies, auditDays, observing } = config
  const perSecond = (limit: number) => (limit === 0 ? 'off' : `${limit} a second`)
  const set = (name: string, variable: string, value: string) => ({ name, value, variable })
  return [
    set('engine', 'DATABASE_URL', postgres ? `PostgreSQL: ${postgres.name}` : 'SQLite in the data folder'),
    set('data', 'MORTISE_DATA_DIR', config.dataDir),
    set('public_url', 'MORTISE_PUBLIC_URL', publicUrl),
    set('host', 'MORTISE_HOST', config.host),
    set('trusted_proxies', 'MORTISE_TRUSTED_PROXIES', trustedProxies.join(', ') || 'none'),
    set('verify', 'MORTISE_VERIFY', egress.isVerifying ? 'on' : 'off'),
    set('deliver', 'MORTISE_DELIVER', egress.isDelivering ? 'on' : 'off: events wait'),
    set(
      'egress',
      'MORTISE_EGRESS_ALLOW',
      ['the public internet over https', ...egress.allow.map(writtenAllowed)].join(', '),
    ),
    set('sandbox', 'MORTISE_SANDBOX_URL', egress.sandboxUrl ?? 'none: providers are called themselves'),
    set('providers', 'MORTISE_PROVIDERS_DIR', config.providersDir ?? 'none but those built in'),
    set('audit_days', 'MORTISE_AUDIT_DAYS', auditDays === 0 ? 'for ever' : `${auditDays} days`),
    set('rate_limit_key', 'MORTISE_RATE_LIMIT_KEY', perSecond(rateLimits.key)),
    set('rate_limit_account', 'MORTISE_RATE_LIMIT_ACCOUNT', perSecond(rateLimits.account)),
    set(
      'metrics',
      'MORTISE_METRICS_PORT',
      observing.metrics
        ? `${observing.metrics.host}:${observing.metrics.port}`
        : 'none: /metrics asks for a key',
    ),
    set('traces', 'OTEL_EXPORTER_OTLP_ENDPOINT', observing.traces ? observing.traces.protocol : 'off'),
    set('log_level', 'MORTISE_LOG_LEVEL', config.logLevel),
  ]
}

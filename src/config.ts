// Reads the environment and the command line into a Config, or tells every mistake at once.

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type EgressConfig, readEgress } from './config-egress.ts'
import { type ObservingConfig, readObserving } from './config-observing.ts'
import { type MasterKey, MasterKeyRefused, parseMasterKey, readMasterKeyFile } from './vault/master-key.ts'
import { Secret } from './vault/secret.ts'

export type Config = {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** Where the store is in PostgreSQL; null where it is in the data folder. */
  readonly postgres: PostgresConfig | null
  /** Where an operator declares providers; null where there are none but those built in. */
  readonly providersDir: string | null
  /** Without a slash at the end; null where it is the address listened on. */
  readonly publicUrl: string | null
  readonly trustedProxies: readonly string[]
  readonly egress: EgressConfig
  /** Requests a second; 0 is no limit. */
  readonly rateLimits: { readonly key: number; readonly account: number }
  /** Audit records are kept for so many days; 0 is for ever. */
  readonly auditDays: number
  readonly logLevel: LogLevel
  readonly observing: ObservingConfig
  readonly keyDir: string
}

export type PostgresConfig = {
  /** The host and the database's name, for messages. */
  readonly name: string
  /** Connections that this node may hold. */
  readonly connectionsMax: number
  /** Whether accounts are kept apart by the database too; undefined leaves it as it is. */
  readonly rowSecurity: boolean | undefined
  /** Whether queries that are asked often are prepared by name, which not every pooler between can do. */
  readonly namesStatements: boolean
  /** How long a start waits for the database. */
  readonly waitS: number
}

/** Kept apart from the rest, which may be printed. */
export type ConfigSecrets = {
  /** With its password. */
  readonly databaseUrl?: string | undefined
  readonly masterKey: MasterKey | undefined
  readonly masterKeyFile: string | undefined
  /** Opens the store where it has a slot for one. */
  readonly passphrase?: Secret | undefined
}

export type Options = { port?: string; data?: string }

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** Every mistake in the configuration, each with its fix. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

const known = [
  'MORTISE_HOST',
  'MORTISE_PORT',
  'MORTISE_DATA_DIR',
  'MORTISE_PROVIDERS_DIR',
  'MORTISE_PUBLIC_URL',
  'MORTISE_MASTER_KEY',
  'MORTISE_MASTER_KEY_FILE',
  'MORTISE_PASSPHRASE',
  'MORTISE_PASSPHRASE_FILE',
  'MORTISE_TRUSTED_PROXIES',
  'MORTISE_AUDIT_DAYS',
  'MORTISE_EGRESS_ALLOW',
  'MORTISE_SANDBOX_URL',
  'MORTISE_VERIFY',
  'MORTISE_DELIVER',
  'MORTISE_RATE_LIMIT_KEY',
  'MORTISE_RATE_LIMIT_ACCOUNT',
  'MORTISE_LOG_LEVEL',
  'MORTISE_METRICS_HOST',
  'MORTISE_METRICS_PORT',
  'MORTISE_PG_CONNECTIONS',
  'MORTISE_PG_PREPARED',
  'MORTISE_PG_RLS',
  'MORTISE_PG_WAIT',
]

/** @throws ConfigRefused */
export function readConfig(
  env: NodeJS.ProcessEnv,
  options: Options,
): { config: Config; secrets: ConfigSecrets } {
  const mistakes: string[] = []
  const wrong = (mistake: string) => {
    mistakes.push(mistake)
    return undefined
  }
  const value = (name: string) => env[name] || undefined

  for (const name of Object.keys(env)) {
    // Kubernetes sets variables like MORTISE_SERVICE_HOST for a service of that name.
    const isForeign = /^MORTISE_(METRICS_)?(SERVICE_|PORT_\d)/.test(name)
    if (name.startsWith('MORTISE_') && !known.includes(name) && !isForeign) {
      wrong(`${name} is no setting of Mortise. Known: ${known.join(', ')}.`)
    }
  }
  const dataDir = resolve(options.data ?? value('MORTISE_DATA_DIR') ?? 'data')
  const host = readHost('MORTISE_HOST', value('MORTISE_HOST') ?? '127.0.0.1', wrong)
  const portName = options.port === undefined ? 'MORTISE_PORT' : '--port'
  // Of a service that is called mortise, Kubernetes sets MORTISE_PORT to its address.
  const portOfEnvironment = value('MORTISE_PORT')?.startsWith('tcp://') ? undefined : value('MORTISE_PORT')
  const port = readInteger(portName, options.port ?? portOfEnvironment ?? '3500', 0, 65_535, wrong)
  const config: Config = {
    host,
    port,
    dataDir,
    postgres: readPostgres(value, wrong),
    providersDir: providersDirOf(env),
    publicUrl: readPublicUrl(value('MORTISE_PUBLIC_URL'), wrong) ?? null,
    trustedProxies: readAddresses(value('MORTISE_TRUSTED_PROXIES'), wrong),
    egress: readEgress(value, wrong),
    rateLimits: {
      key: readInteger('MORTISE_RATE_LIMIT_KEY', value('MORTISE_RATE_LIMIT_KEY') ?? '0', 0, 1e6, wrong),
      account: readInteger(
        'MORTISE_RATE_LIMIT_ACCOUNT',
        value('MORTISE_RATE_LIMIT_ACCOUNT') ?? '0',
        0,
        1e6,
        wrong,
      ),
    },
    auditDays: readInteger('MORTISE_AUDIT_DAYS', value('MORTISE_AUDIT_DAYS') ?? '0', 0, 36_500, wrong),
    logLevel: readLogLevel(value('MORTISE_LOG_LEVEL') ?? 'info', wrong),
    observing: readObserving(
      value,
      {
        host: (name, text) => readHost(name, text, wrong),
        port: (name, text) => readInteger(name, text, 0, 65_535, wrong),
      },
      wrong,
    ),
    keyDir: join(value('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'mortise'),
  }
  const secrets = readSecrets(value, dataDir, wrong)
  if (mistakes.length > 0) throw new ConfigRefused(mistakes)
  return { config, secrets }
}

/** Also where other settings are wrong: what is in the folder is told with them. */
export function providersDirOf(env: NodeJS.ProcessEnv): string | null {
  const { MORTISE_PROVIDERS_DIR: folder } = env
  return folder ? resolve(folder) : null
}

type Wrong = (mistake: string) => undefined

function readSecrets(
  value: (name: string) => string | undefined,
  dataDir: string,
  wrong: Wrong,
): ConfigSecrets {
  const text = value('MORTISE_MASTER_KEY')
  const file = value('MORTISE_MASTER_KEY_FILE')
  const masterKeyFile = file === undefined ? undefined : resolve(file)
  const databaseUrl = value('DATABASE_URL')
  const passphrase = readPassphrase(value, wrong)
  try {
    if (masterKeyFile !== undefined) readMasterKeyFile(masterKeyFile, dataDir)
  } catch (error) {
    wrong(refusalOf(error))
  }
  try {
    const masterKey = text ? parseMasterKey(text, 'MORTISE_MASTER_KEY') : undefined
    return { masterKey, masterKeyFile, databaseUrl, passphrase }
  } catch (error) {
    wrong(refusalOf(error))
    return { masterKey: undefined, masterKeyFile, databaseUrl, passphrase }
  }
}

function readPassphrase(value: (name: string) => string | undefined, wrong: Wrong): Secret | undefined {
  const file = value('MORTISE_PASSPHRASE_FILE')
  const given = value('MORTISE_PASSPHRASE')
  if (file === undefined) return given === undefined ? undefined : new Secret(given)
  if (given !== undefined)
    return wrong('MORTISE_PASSPHRASE and MORTISE_PASSPHRASE_FILE are both set: give one.')
  try {
    return new Secret(readFileSync(file, 'utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    return wrong(`MORTISE_PASSPHRASE_FILE cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

function refusalOf(error: unknown): string {
  if (error instanceof MasterKeyRefused) return error.message
  throw error
}

/** What is wrong with the address is told without it: it may hold a password. */
function readPostgres(value: (name: string) => string | undefined, wrong: Wrong): PostgresConfig | null {
  const text = value('DATABASE_URL')
  const url = text === undefined ? undefined : URL.parse(text)
  const isPostgres = url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1
  if (text !== undefined && !isPostgres) {
    wrong('DATABASE_URL is no address such as postgres://user:password@db.example.com:5432/mortise.')
  }
  const integer = (name: string, otherwise: string, min: number, max: number) =>
    readInteger(name, value(name) ?? otherwise, min, max, wrong)
  const connectionsMax = integer('MORTISE_PG_CONNECTIONS', '10', 2, 1_000)
  const waitS = integer('MORTISE_PG_WAIT', '60', 0, 86_400)
  const rowSecurity = readSwitch('MORTISE_PG_RLS', value('MORTISE_PG_RLS'), wrong)
  const namesStatements = readSwitch('MORTISE_PG_PREPARED', value('MORTISE_PG_PREPARED'), wrong) ?? true
  if (!isPostgres) return null
  return { name: `${url.host}${url.pathname}`, connectionsMax, rowSecurity, namesStatements, waitS }
}

function readSwitch(name: string, text: string | undefined, wrong: Wrong): boolean | undefined {
  if (text !== undefined && text !== 'on' && text !== 'off') wrong(`${name}=${text} is neither on nor off.`)
  return text === undefined ? undefined : text === 'on'
}

function readInteger(name: string, text: string, min: number, max: number, wrong: Wrong): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= min && number <= max) return number
  wrong(`${name}=${text} is no whole number from ${min} to ${max}.`)
  return min
}

function readHost(name: string, text: string, wrong: Wrong): string {
  const isName = /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  if (isIP(text) === 0 && !isName)
    wrong(`${name}=${text} is no address or name, such as 127.0.0.1 or 0.0.0.0.`)
  return text
}

function readPublicUrl(text: string | undefined, wrong: Wrong): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const isPlain =
    url &&
    /^https?:$/.test(url.protocol) &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  if (!isPlain) {
    return wrong(
      'MORTISE_PUBLIC_URL is no address such as https://hub.example.com, without a name, a query or a fragment.',
    )
  }
  return url.href.replace(/\/+$/, '')
}

function readAddresses(text: string | undefined, wrong: Wrong): string[] {
  const addresses = (text ?? '').split(',').flatMap((part) => part.trim() || [])
  for (const address of addresses) {
    const [ip = '', bits, ...more] = address.split('/')
    const bitsMax = isIP(ip) === 4 ? 32 : 128
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax)
    if (isIP(ip) === 0 || !isRange || more.length > 0) {
      wrong(`MORTISE_TRUSTED_PROXIES holds "${address}", which is no address or range such as 10.0.0.0/8.`)
    }
  }
  return addresses
}

function readLogLevel(text: string, wrong: Wrong): LogLevel {
  const level = logLevels.find((candidate) => candidate === text)
  if (level === undefined) wrong(`MORTISE_LOG_LEVEL=${text} is none of ${logLevels.join(', ')}.`)
  return level ?? 'info'
}

// Before PostgreSQL is used: waits until it answers, and sees whether it can be relied on.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { StoreRefused } from './database.ts'
import { sessionTimeouts } from './postgres.ts'

/** The oldest version that is still looked after by its makers while this one is. */
const oldestMajor = 14

const attemptMs = 3_000
const pauseMs = 500

/** Failures that time may mend: the server starts, restarts, is full, or its host is not there yet. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  '57P03',
  '57P01',
  '57P02',
  '53300',
])

export type Reach = {
  url: string
  /** The host and the database, for messages: the address holds a password. */
  name: string
  /** How long it may take until the server answers. */
  waitS: number
  /** Hears once that it has to be waited for, and why. */
  onWait?: (reason: string) => void
}

export type Reached = {
  /** What should be set otherwise, a sentence each. */
  warnings: string[]
  /** Whether it shows rows to those alone who say whose they ask for. */
  isSecured: boolean
}

/**
 * @throws StoreRefused where it cannot be reached in time, or cannot be used as it is
 */
export async function reachPostgres({ url, name, waitS, onWait }: Reach): Promise<Reached> {
  const deadline = performance.now() + waitS * 1_000
  for (let attempt = 1; ; attempt++) {
    try {
      return await judge(url, name)
    } catch (error) {
      if (error instanceof StoreRefused) throw error
      const reason = reasonOf(error)
      if (!isPassing(error)) throw new StoreRefused(refusal(name, reason, error))
      if (performance.now() >= deadline) {
        const after = waitS > 0 ? ` Waited ${waitS} seconds (MORTISE_PG_WAIT).` : ''
        throw new StoreRefused(
          `PostgreSQL cannot be reached at ${name}: ${reason}.${after} Start it, or correct DATABASE_URL.`,
        )
      }
      if (attempt === 1) onWait?.(reason)
      await wait(pauseMs)
    }
  }
}

type Facts = {
  version: number
  encoding: string
  is_standby: boolean
  fsync: string
  full_page_writes: string
  synchronous_commit: string
  may_create: boolean
  is_secured: boolean
  schema: string | null
}

async function judge(url: string, name: string): Promise<Reached> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: attemptMs,
    query_timeout: attemptMs,
    ...sessionTimeouts,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<Facts>(`
      select current_setting('server_version_num')::int as version,
        current_setting('server_encoding') as encoding,
        pg_is_in_recovery() as is_standby,
        current_setting('fsync') as fsync,
        current_setting('full_page_writes') as full_page_writes,
        current_setting('synchronous_commit') as synchronous_commit,
        current_schema() as schema,
        exists (select from pg_class where relnamespace = current_schema()::regnamespace
          and relname = 'accounts' and relforcerowsecurity) as is_secured,
        coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create`)
    const [facts] = rows
    if (!facts) throw new Error('PostgreSQL says nothing of itself.')
    const mistake = mistakeIn(facts)
    if (mistake !== undefined) throw new StoreRefused(`The database ${name} cannot be used: ${mistake}`)
    return { warnings: warningsOf(facts), isSecured: facts.is_secured }
  } finally {
    await client.end().catch(() => undefined)
  }
}

function mistakeIn({ version, encoding, is_standby, may_create, schema }: Facts): string | undefined {
  if (version < oldestMajor * 10_000) {
    return `it is PostgreSQL ${Math.floor(version / 10_000)}; ${oldestMajor} or newer is needed.`
  }
  if (encoding !== 'UTF8')
    return `its encoding is ${encoding}. Make one with: create database … encoding 'UTF8'`
  if (is_standby) return 'it is a standby, which takes no writes. Name the primary in DATABASE_URL.'
  if (schema === null)
    return 'its search_path names no schema that there is. Make one, or set the search_path.'
  if (!may_create) {
    return `the role of DATABASE_URL may make no tables in the schema ${schema}. Run, as its owner: grant create, usage on schema ${schema} to …`
  }
  return undefined
}

function warningsOf({ fsync, full_page_writes, synchronous_commit }: Facts): string[] {
  const warnings: string[] = []
  if (fsync === 'off')
    warnings.push('PostgreSQL runs with fsync=off: a power cut may destroy the database. Set it to on.')
  if (full_page_writes === 'off')
    warnings.push('PostgreSQL runs with full_page_writes=off: a power cut may damage pages. Set it to on.')
  if (synchronous_commit === 'off')
    warnings.push(
      'PostgreSQL runs with synchronous_commit=off: a crash may lose what was answered last. Set it to on.',
    )
  return warnings
}

function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  // A pooler's, of whatever it is: of the server behind it, of too many, or of what is set wrong.
  if (code === '08P01') return /server|login|wait|connections|shut/i.test(reasonOf(error))
  if (code !== undefined) return passing.has(code)
  return error instanceof Error && /timeout|terminated unexpectedly/i.test(error.message)
}

function refusal(name: string, reason: string, error: unknown): string {
  const what = `PostgreSQL at ${name} refuses: ${reason}.`
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `${what} Correct the user and the password in DATABASE_URL, or pg_hba.conf.`
    case '3D000':
      return `${what} Make it with: create database …, or correct DATABASE_URL.`
    case '08P01':
      if (!/parameter/i.test(reason)) return `${what} Correct DATABASE_URL, or what the pooler is set to.`
      return `${what} Behind pgbouncer, put this into pgbouncer.ini: ignore_startup_parameters = extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout`
    default:
      return `${what} Correct DATABASE_URL.`
  }
}

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string | undefined {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first ? String(first.code) : undefined
}

function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}

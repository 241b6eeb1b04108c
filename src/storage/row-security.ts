// Accounts kept apart by PostgreSQL itself: each query says whose rows it is about, and gets no others.
import { sql } from 'kysely'
import { type Db, engineOf, StoreRefused, type Whose } from './database.ts'
import type { Asked } from './postgres-driver.ts'

/** The setting that the policies compare with; blank, and so nobody's, where a query did not say. */
const setting = 'mortise.account'
/** What the installation does itself, such as sweeping, says so. */
const everybody = '*'

/** For the rest of a transaction. */
export function accountSetting(whose: Whose): Asked {
  return { text: `select set_config('${setting}', $1, true)`, values: [settingOf(whose)] }
}

const wrapped = new Map<string, string>()

/**
 * The same query, which sets the account for itself alone. Nothing is left on the connection, so that a pooler
 * may stand between, and it costs no round trip.
 */
export function withAccount(asked: Asked, whose: Whose): Asked {
  const values = asked.values ?? []
  const text = wrap(asked.text, values.length + 1)
  // Another text needs another name.
  const name = asked.name === undefined ? {} : { name: `${asked.name} secured` }
  return { ...asked, ...name, text, values: [...values, settingOf(whose)] }
}

/**
 * The second part refers to the first and is fenced by `offset 0`: PostgreSQL cannot but evaluate the setting
 * before it opens a table.
 */
function wrap(text: string, parameter: number): string {
  const known = wrapped.get(text)
  if (known) return known
  const whole = `select o.* from (select set_config('${setting}', $${parameter}, true) as account) s cross join lateral (select q.* from (${text}) q where s.account is not null offset 0) o`
  if (wrapped.size >= 500) wrapped.clear()
  wrapped.set(text, whole)
  return whole
}

function settingOf(whose: Whose): string {
  return whose === 'all accounts' ? everybody : String(whose)
}

const policy = 'mortise_account'

/** Tables with an account that is no tenant's: leases of the installation are account 0's. */
const unsecured = new Set(['leases'])

type Table = { name: string; column: string; isSecured: boolean }

/** Every table that holds rows of accounts, as the database knows them: no new one can be forgotten. */
async function tablesOf(db: Db): Promise<Table[]> {
  const { rows } = await sql<{ name: string; column: string; secured: boolean }>`
    select c.relname as name, a.attname as column, c.relforcerowsecurity as secured
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      and a.attname = case when c.relname = 'accounts' then 'id' else 'account_id' end
    order by c.relname`.execute(db)
  return rows.flatMap(({ name, column, secured }) =>
    unsecured.has(name) ? [] : { name, column, isSecured: secured },
  )
}

/**
 * Makes the database keep accounts apart in every table, also from the tables' owner. Done again at each start,
 * for the tables that a migration has added.
 * @throws StoreRefused where it would have no effect, or where nodes run that do not say whose rows they ask for
 */
export function secureRows(db: Db): Promise<void> {
  return db.transaction().execute(async (db) => {
    await engineOf(db).lockSchema(db)
    const tables = await tablesOf(db)
    const open = tables.filter(({ isSecured }) => !isSecured)
    await refuseAbove(db)
    if (open.length === tables.length) await refuseUnaware(db)
    for (const { name, column } of open) {
      const own = `nullif(nullif(current_setting('${setting}', true), ''), '${everybody}')::bigint`
      await run(
        db,
        `create policy ${policy} on ${name} using
        (current_setting('${setting}', true) = '${everybody}' or ${column} = ${own})`,
      )
      await run(db, `alter table ${name} enable row level security, force row level security`)
    }
  })
}

/** Takes it away again. */
export function unsecureRows(db: Db): Promise<void> {
  return db.transaction().execute(async (db) => {
    await engineOf(db).lockSchema(db)
    for (const { name, isSecured } of await tablesOf(db)) {
      if (!isSecured) continue
      await run(db, `alter table ${name} no force row level security, disable row level security`)
      await run(db, `drop policy ${policy} on ${name}`)
    }
  })
}

/**
 * Asked at each start: whoever is above it sees every row, and nobody would notice.
 * @throws StoreRefused
 */
export async function refuseAbove(db: Db): Promise<void> {
  const { rows } = await sql<{ role: string; is_above: boolean }>`
    select rolname as role, rolsuper or rolbypassrls as is_above from pg_roles where rolname = current_user`.execute(
    db,
  )
  const [row] = rows
  if (row?.is_above) {
    throw new StoreRefused(
      `MORTISE_PG_RLS=on has no effect on the role ${row.role}, which row-level security does not bind. Make one for Mortise and name it in DATABASE_URL: create role mortise_app login nosuperuser nobypassrls password '…'; alter database … owner to mortise_app; and, where there are tables already, reassign owned by ${row.role} to mortise_app;`,
    )
  }
}

async function refuseUnaware(db: Db): Promise<void> {
  const others = await sql<{ pid: number; client: string | null }>`
    select pid, host(client_addr) as client from pg_stat_activity
    where datname = current_database() and application_name = ${applicationNames.open}
      and pid <> pg_backend_pid()`.execute(db)
  if (others.rows.length === 0) return
  const names = [...new Set(others.rows.map(({ client }) => client ?? 'this machine'))].join(', ')
  throw new StoreRefused(
    `Nodes without MORTISE_PG_RLS are connected, from ${names}: they would see nothing any more. Stop them, start one node with MORTISE_PG_RLS=on, and then the others.`,
  )
}

/** How nodes call themselves in `pg_stat_activity`: whether they say whose rows they ask for. */
export const applicationNames = { open: 'mortise', secured: 'mortise rls' } as const

function run(db: Db, text: string): Promise<unknown> {
  return sql.raw(text).execute(db)
}

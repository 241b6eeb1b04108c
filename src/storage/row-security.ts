// Accounts kept apart by PostgreSQL itself: each query says whose rows it is about, and gets no others.
import type { Whose } from './database.ts'
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
  return { ...asked, text: wrap(asked.text, values.length + 1), values: [...values, settingOf(whose)] }
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

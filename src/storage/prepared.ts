// Queries that are built and compiled once, and then run with other values: what every request asks.
import { createHash } from 'node:crypto'
import type { Compilable, CompiledQuery } from 'kysely'
import { type Db, type QueryNotes, withNotes } from './database.ts'

type Values = Readonly<Record<string, string | number | null>>

/** Stands in a query where a value will be. */
class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Build<Given extends Values, Row, Constant> = (
  db: Db,
  value: <Name extends keyof Given & string>(name: Name) => Given[Name],
  constant: Constant,
) => Compilable<Row>

type Run<Given extends Values, Row, Constant> = (
  db: Db,
  values: Given,
  ...constant: [Constant] extends [never] ? [] : [Constant]
) => Promise<Row[]>

/**
 * @param build makes the query, with `value('name')` where the value of that name goes; what else it takes from
 *   its third argument becomes part of the text
 * @returns runs it, with the values and, where there are any, the constants
 */
export function prepared<Given extends Values, Row, Constant extends string | number = never>(
  build: Build<Given, Row, Constant>,
  notes: QueryNotes = {},
): Run<Given, Row, Constant> {
  const compiledFor = new WeakMap<object, Map<Constant | undefined, CompiledQuery<Row>>>()
  const placeholder = (name: string) => new Placeholder(name) as unknown as never

  return async (db, values, ...[constant]) => {
    // Queries compile the same for everything on one engine, transactions included.
    const executor = db.getExecutor()
    let known = compiledFor.get(executor.adapter)
    if (!known) {
      known = new Map()
      compiledFor.set(executor.adapter, known)
    }
    let compiled = known.get(constant)
    if (!compiled) {
      compiled = noted(build(db.withoutPlugins(), placeholder, constant as Constant).compile(), notes)
      known.set(constant, compiled)
    }
    const parameters = compiled.parameters.map((given) =>
      given instanceof Placeholder ? values[given.name] : given,
    )
    // Whose rows they are is noted on the handle, not on what all share.
    const query = executor.transformQuery(compiled.query, compiled.queryId)
    const { rows } = await db.executeQuery<Row>({ ...compiled, query, parameters })
    return rows
  }
}

/**
 * The same for a part of a transaction whose result nobody needs: on an engine beyond a network, nobody waits
 * for it. Should it fail, the next query or the commit does.
 */
export function posted<Given extends Values, Constant extends string | number = never>(
  build: Build<Given, unknown, Constant>,
): Run<Given, unknown, Constant> {
  return prepared(build, { isPosted: true })
}

/** The name says what the text is, so that no two texts have the same. */
function noted<Row>(compiled: CompiledQuery<Row>, notes: QueryNotes): CompiledQuery<Row> {
  const name = createHash('sha256').update(compiled.sql).digest('base64url').slice(0, 22)
  return { ...compiled, query: withNotes(compiled.query, { ...notes, name }) }
}

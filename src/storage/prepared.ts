// Queries that are built and compiled once, and then run with other values: what every request asks.
import { createHash } from 'node:crypto'
import type { Compilable, CompiledQuery } from 'kysely'
import { type Db, withNotes } from './database.ts'

type Values = Readonly<Record<string, string | number | null>>

/** Stands in a query where a value will be. */
class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * @param build makes the query, with `value('name')` where the value of that name goes; what else it takes from
 *   its third argument becomes part of the text
 * @returns runs it, with the values and, where there are any, the constants
 */
export function prepared<Given extends Values, Row, Constant extends string | number = never>(
  build: (
    db: Db,
    value: <Name extends keyof Given & string>(name: Name) => Given[Name],
    constant: Constant,
  ) => Compilable<Row>,
): (db: Db, values: Given, ...constant: [Constant] extends [never] ? [] : [Constant]) => Promise<Row[]> {
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
      compiled = named(build(db.withoutPlugins(), placeholder, constant as Constant).compile())
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

/** The name says what the text is, so that no two texts have the same. */
function named<Row>(compiled: CompiledQuery<Row>): CompiledQuery<Row> {
  const name = createHash('sha256').update(compiled.sql).digest('base64url').slice(0, 22)
  return { ...compiled, query: withNotes(compiled.query, { name }) }
}

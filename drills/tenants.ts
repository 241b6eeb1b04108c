// Every route of the contract against everybody who may not: what is foreign is answered as what does not exist.
import { routes } from '../test/support/routes.ts'
import type { Drill, Line, Scale } from './drill.ts'
import { words } from './load.ts'
import { type Case, type Engine, lineOfCases, runTests } from './test-files.ts'

const engines: readonly Engine[] = ['sqlite', 'postgres', 'postgres-rls']

/** Who asks, and what the tests of that are called. */
const kinds: ReadonlyArray<readonly [what: string, name: RegExp]> = [
  ['no key, or a wrong one', / answers 401 /],
  ['a key without the scope, or not the operator’s', / answers 403 | is the operator's/],
  ['ids of another account', /another account's id exactly|every account alike/],
  ['another account’s Integration-ID', /another account's Integration-ID/],
  ['another integration of the account', / answers another integration’s /],
  ['a key that is bound to another integration', / answers a bound key /],
  ['lists, counts and links', / lists, counts and links| tells each key of itself/],
]

export const tenants: Drill = {
  about:
    'Every route of the contract × no key, a missing scope, another account’s ids, another integration, a bound key: what is foreign and what does not exist get the same bytes, and nothing of the other account changes. On SQLite, on PostgreSQL, and there with row-level security.',
  async run(scale) {
    const lines: Line[] = []
    for (const engine of engines) lines.push(...(await onEngine(engine, scale)))
    return lines
  },
}

async function onEngine(engine: Engine, scale: Scale): Promise<Line[]> {
  const cases = await runTests({ files: ['api/tenants*.test.ts'], engine }, scale)
  const load = `${words(routes.length)} routes, ${engine}`
  const left = new Set<Case>(cases)
  const lines = kinds.map(([what, name]) => {
    const own = cases.filter((one) => name.test(one.name))
    for (const one of own) left.delete(one)
    return lineOfCases(what, load, `${own.length} routes`, own)
  })
  return [
    ...lines,
    lineOfCases('bodies, headers, and the other account afterwards', load, `${left.size} cases`, [...left]),
  ]
}

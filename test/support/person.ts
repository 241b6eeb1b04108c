// Somebody at the command line on another machine: a home of their own, no store, and a login at a hub.
import assert from 'node:assert/strict'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { newHome } from './command-line.ts'
import { type Finished, type Folders, run } from './process.ts'
import { asObject } from './v2.ts'

export type Person = Folders & {
  /** Runs a command in their home. */
  mortise(args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<Finished>
  /** What a command that has to succeed says in JSON. */
  said(args: readonly string[], input?: string): Promise<Record<string, unknown>>
  /** A command that has to be refused, in such words, which do not hold the key. */
  refused(
    args: readonly string[],
    code: number,
    words: RegExp,
    input?: string,
    env?: NodeJS.ProcessEnv,
  ): Promise<void>
}

/** @param key of the hub at the address, which they log in with */
export async function newPerson(address: string, key: string): Promise<Person> {
  const home = newHome()
  const person: Person = {
    ...home,
    mortise(args, input, env = {}) {
      const where = { env: { ...home.env, ...env }, cwd: home.root }
      return run(args, { ...where, ...(input !== undefined && { input }) })
    },
    async said(args, input) {
      const { code, stdout, stderr } = await person.mortise([...args, '--json'], input)
      assert.equal(code, exitCodes.ok, `${args.join(' ')}: ${stderr}`)
      return asObject(JSON.parse(stdout))
    },
    async refused(args, code, words, input, env) {
      const finished = await person.mortise(args, input, env)
      assert.equal(finished.code, code, `${args.join(' ')}: ${finished.stdout}${finished.stderr}`)
      assert.equal(finished.stdout, '')
      assert.match(finished.stderr, words)
      assert.ok(!finished.stderr.includes(key))
    },
  }
  const { code, stderr } = await person.mortise(['login', '--url', address], key)
  assert.equal(code, exitCodes.ok, stderr)
  return person
}

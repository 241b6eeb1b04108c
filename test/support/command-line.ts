// What tests of the command line share: folders whose processes start quickly, and looks at what they leave.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Folders, newFolders, run } from './process.ts'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Starting is mostly stripping types: processes of the tests share what the first of them compiled. */
const compileCache = join(repository, 'node_modules', '.cache', 'mortise-test')

export function newHome(): Folders {
  const folders = newFolders()
  return { ...folders, env: { ...folders.env, NODE_COMPILE_CACHE: compileCache } }
}

export const keyLine = /^mrt_[0-9A-Za-z]{49}$/m

export function keyIn(stdout: string): string {
  const [key] = keyLine.exec(stdout) ?? []
  if (key === undefined) throw new Error(`no key on a line of its own: ${stdout}`)
  return key
}

/** Waits for a condition; a test that waits in vain ends with what it waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await wait(5)
  }
}

export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Every file below a folder with its mode and a digest of its bytes. */
export function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(
    files.map((name) => {
      const file = join(folder, name)
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
      return [name, `${(statSync(file).mode & 0o777).toString(8)} ${digest}`]
    }),
  )
}

/** Runs a command with `--json` that must succeed, and gives back what it said. */
export async function runJson(
  { data, env }: Pick<Folders, 'data' | 'env'>,
  args: readonly string[],
  input?: string,
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run([...args, '--json', '--data', data], {
    env,
    ...(input !== undefined && { input }),
  })
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
  const said: unknown = JSON.parse(stdout)
  if (typeof said !== 'object' || said === null) throw new Error(`no object: ${stdout}`)
  return { ...said }
}

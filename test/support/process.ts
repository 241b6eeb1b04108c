// Mortise as its own process, started as people start it, in folders of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const main = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

export type Folders = { root: string; data: string; env: NodeJS.ProcessEnv; remove(): void }

/** A data folder and a home folder, both empty. */
export function newFolders(): Folders {
  const root = mkdtempSync(join(tmpdir(), 'mortise-run-'))
  const { PATH } = process.env
  return {
    root,
    data: join(root, 'data'),
    // No test calls a provider by accident.
    env: { PATH, HOME: root, XDG_CONFIG_HOME: join(root, 'config'), MORTISE_VERIFY: 'off' },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

export type Finished = { code: number | null; stdout: string; stderr: string }

/** Runs a command to its end. */
export function run(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...args], {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: 'pipe',
  })
  const output = collect(child)
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...output() }))
  })
}

export type Served = {
  readonly child: ChildProcess
  readonly address: string
  output(): { stdout: string; stderr: string }
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

type StartOptions = {
  descriptorsMax?: number
  onSpawn?: (child: ChildProcess) => void
  /** What is started instead of the clone's own. */
  program?: readonly string[]
}

/** Starts a server on a free port and waits until it says that it listens. */
export async function start(
  command: 'serve' | 'demo' | 'sandbox',
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { descriptorsMax, onSpawn, program = [process.execPath, main] }: StartOptions = {},
): Promise<Served> {
  const line = [...program, command, '--port', '0', ...args]
  const [first = '', ...rest] =
    descriptorsMax === undefined
      ? line
      : ['bash', '-c', 'ulimit -n "$0"; exec "$@"', String(descriptorsMax), ...line]
  const child = spawn(first, rest, { env, stdio: 'pipe' })
  onSpawn?.(child)
  const output = collect(child)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /listens on (http:\/\/\S+)\n/.exec(output().stdout)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', look)
    void ended.then((code) => reject(new Error(`ended with ${code}: ${output().stderr}`)))
  })
  return {
    child,
    address,
    output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk)
  })
  return () => ({ stdout, stderr })
}

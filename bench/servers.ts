// Starts the servers that are compared, each in a process of its own, and stops them.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type Server = {
  origin: string
  /** Memory that the process holds, in MB. */
  residentMb(): number
  /** Processor time that the process has used, in seconds. */
  cpuS(): number
  stop(): Promise<void>
}

/** Where a store is: in a folder, or in a database. */
export type StorePlace = { dataDir: string; databaseUrl?: string }

/** The product as `npm start` runs it, on a store that is there; its log goes nowhere. */
export async function startMortise(
  folder: string,
  { dataDir, databaseUrl }: StorePlace,
  env: Record<string, string> = {},
): Promise<Server> {
  const args = [
    '--max-semi-space-size=8',
    '--expose-gc',
    'bin/mortise.js',
    'serve',
    '--port',
    '0',
    '--data',
    dataDir,
  ]
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      XDG_CONFIG_HOME: folder,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface(child.stdout)) {
    const origin = / listens on (\S+)/.exec(line)?.[1]
    if (origin) return serverOf(child, origin)
  }
  throw new Error('Mortise did not start.')
}

export function startPlain(file: 'plain.ts' | 'plain-postgres.ts', args: string[]): Promise<Server> {
  return startFork(file, args)
}

/** Of webhooks. */
export function startReceiver(): Promise<Server> {
  return startFork('receiver.ts', [])
}

export function startEmptyFastify(): Promise<Server> {
  return startFork('empty-fastify.ts', [])
}

export function startProvider(): Promise<Server> {
  return startFork('provider.ts', [])
}

/** @param base where it hands requests on to */
export function startReplyFrom(base: string): Promise<Server> {
  return startFork('reply-from.ts', [base])
}

/** Answers everything with the body and headers that another server's answer has. */
export async function startBare(answer: { headers: Headers; body: string }): Promise<Server> {
  const dropped = new Set(['connection', 'keep-alive', 'date'])
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !dropped.has(name)))
  return startFork('bare.ts', [JSON.stringify({ headers, body: answer.body })])
}

async function startFork(file: string, args: string[]): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'servers', file), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(serverOf(child, (message as { origin: string }).origin)))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
}

function serverOf(child: ChildProcess, origin: string): Server {
  return {
    origin,
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(proc(child.pid, 'status'))?.[1]) / 1024,
    cpuS: () => cpuOf(child.pid),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    },
  }
}

/** Processor time that a process has used, and its children that have ended, in seconds. */
export function cpuOf(pid: number | undefined): number {
  const [, fields = ''] = proc(pid, 'stat').split(') ')
  return (
    fields
      .split(' ')
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) / 100
  )
}

function proc(pid: number | undefined, name: string): string {
  return readFileSync(`/proc/${pid}/${name}`, 'utf8')
}

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

/** The product as `npm start` runs it, on a folder that holds a store; its log goes nowhere. */
export async function startMortise(folder: string, env: Record<string, string> = {}): Promise<Server> {
  const args = [
    '--max-semi-space-size=8',
    'bin/mortise.js',
    'serve',
    '--port',
    '0',
    '--data',
    join(folder, 'data'),
  ]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, XDG_CONFIG_HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface(child.stdout)) {
    const origin = / listens on (\S+)/.exec(line)?.[1]
    if (origin) return serverOf(child, origin)
  }
  throw new Error('Mortise did not start.')
}

export function startPlain(folder: string, integrations: number): Promise<Server> {
  return startFork('plain.ts', [folder, String(integrations)])
}

export function startEmptyFastify(): Promise<Server> {
  return startFork('empty-fastify.ts', [])
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
  const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
  return {
    origin,
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    cpuS() {
      const [, fields = ''] = proc('stat').split(') ')
      const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number)
      return (user + system) / 100
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    },
  }
}

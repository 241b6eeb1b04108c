// The control socket: duties asked of a running server by its own user, on the same machine.
import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { Hub } from '../app.ts'
import { type ErrorCode, errorCodes, HubError } from '../hub/errors.ts'
import { duties, isDutyName } from './index.ts'

/** Longer paths do not fit into a socket's address on any system we run on. */
const pathBytesMax = 100

/** @returns where a server of this data folder listens for duties */
export function controlPath(dataDir: string, storeId: string): string {
  const beside = join(dataDir, 'control.sock')
  return Buffer.byteLength(beside) <= pathBytesMax ? beside : join(tmpdir(), `mortise-${storeId}.sock`)
}

/** The socket can be opened by nobody but the user who runs the server. */
export async function serveControl(hub: Hub, path: string): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer((incoming, outgoing) => {
    perform(hub, incoming).then(
      (result) => outgoing.end(JSON.stringify({ result })),
      (error: unknown) => outgoing.end(JSON.stringify({ error: describe(error) })),
    )
  })
  const umask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(umask)
  }
  return server
}

/** Asks the server behind a socket. Its refusals come back as the HubErrors they are. */
export async function askControl(path: string, name: string, input: object): Promise<unknown> {
  const answer = await new Promise<unknown>((resolve, reject) => {
    const outgoing = request({
      socketPath: path,
      path: `/${encodeURIComponent(name)}`,
      method: 'POST',
      agent: false,
    })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => json(response).then(resolve, reject))
    outgoing.end(JSON.stringify(input))
  })
  if (!isObject(answer)) throw new Error('The running server gave no answer.')
  if (isObject(answer.error)) throw revive(answer.error)
  return answer.result
}

async function perform(hub: Hub, incoming: IncomingMessage): Promise<object> {
  const input = await json(incoming)
  const name = decodeURIComponent(incoming.url?.slice(1) ?? '')
  if (!isDutyName(name)) {
    throw new HubError(
      'not_found',
      'The running server does not know this command: it is of another version.',
    )
  }
  return duties[name].run(hub, input)
}

function describe(error: unknown): object {
  if (error instanceof HubError) {
    return { code: error.code, message: error.message, fields: [...(error.details.fields ?? [])] }
  }
  return { code: 'internal', message: 'The running server failed at this.', fields: [] }
}

function revive(error: Record<string, unknown>): HubError {
  const code = Object.hasOwn(errorCodes, String(error.code)) ? (error.code as ErrorCode) : 'internal'
  const fields = new Map<string, readonly string[]>(Array.isArray(error.fields) ? error.fields : [])
  return new HubError(code, String(error.message), fields.size > 0 ? { fields } : {})
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

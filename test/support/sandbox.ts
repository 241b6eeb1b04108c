// A hub whose providers are all stood in for by a sandbox that keeps what it was asked.
import assert from 'node:assert/strict'
import { sampleRows } from '../../src/sandbox/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import type { Asked, Mode } from '../../src/sandbox/stand-in.ts'
import { at, type Connections, type Member, startConnections } from './connections.ts'
import { asObject, textOf } from './v2.ts'

export type Verified = {
  readonly id: number
  readonly health: Member
  readonly notices: unknown
  /** What the connection's fields are afterwards. */
  readonly fields: Member
}

export type Sandboxed = Connections & {
  readonly sandbox: Sandbox
  /** Makes a connection and asks the provider about it. */
  verifyNew(provider: string, fields: Member): Promise<Verified>
  verify(id: number): Promise<Verified>
  close(): Promise<void>
}

/** Shorter than the sandbox is slow. */
const headersTimeoutMs = 500

export async function startSandboxed(
  options: Partial<SandboxOptions> & Parameters<typeof startConnections>[0] = {},
): Promise<Sandboxed> {
  const sandbox = await startSandbox({ port: 0, slowMs: 5_000, keptRequests: 1_000, ...options })
  const egress = { standIn: sandbox.address, headersTimeoutMs }
  const connections = await startConnections({ ...options, egress })
  const verify = async (id: number): Promise<Verified> => {
    const { status, body, text } = await connections.send('POST', at(id, 'verify'))
    assert.equal(status, 200, text)
    const { health, notices } = asObject(body)
    return { id, health: asObject(health), notices, fields: asObject((await connections.get(id)).fields) }
  }
  return {
    ...connections,
    sandbox,
    verify,
    verifyNew: async (provider, fields) => verify(await connections.make(provider, fields)),
    async close() {
      await connections.api.close()
      await sandbox.close()
    },
  }
}

/** The fields with which the sandbox shows a mode of a provider. */
export function sampleOf(provider: string, mode: Mode): Record<string, string> {
  const row = sampleRows().find(
    (row) => row.provider === provider && row.variant === null && row.mode === mode,
  )
  assert.ok(row?.fields, `${provider} has a case for ${mode}`)
  return { ...row.fields }
}

/** As a person would write what was asked. */
export function lineOf({ method, host, target }: Asked): string {
  return `${method} https://${host}${target}`
}

export function headerOf(asked: Asked | undefined, name: string): string {
  return textOf(asked?.header(name))
}

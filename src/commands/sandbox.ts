// `mortise sandbox`: the local stand-ins of all providers by themselves, for trying things out and for tests.
import { type Command, InvalidArgumentError } from 'commander'
import type { SampleRow } from '../sandbox/index.ts'
import { print, table } from './report.ts'

export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('serve local stand-ins of all providers, which nothing real is behind')
    .option('--port <number>', 'port to listen on', readPort, 3600)
    .option('--list', 'print the credentials that it knows, and serve nothing')
    .action(async (_options: unknown, command: Command) => {
      const { port, list, json } = command.optsWithGlobals<{ port: number; list?: boolean; json?: boolean }>()
      // Loaded here: no other command but one needs it.
      const { sampleRows } = await import('../sandbox/index.ts')
      const rows = sampleRows()
      if (list) return print(json ? JSON.stringify(rows) : table(rows.map(lineOf)))
      const { startSandbox } = await import('../sandbox/server.ts')
      const sandbox = await startSandbox({ port })
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(signal, () => void sandbox.close())
      print(
        json ? JSON.stringify({ address: sandbox.address, credentials: rows }) : words(sandbox.address, rows),
      )
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('Give a number from 0 to 65535.')
}

function words(address: string, rows: readonly SampleRow[]): string {
  return `The sandbox listens on ${address}

Start a hub that calls it in place of every provider:
  MORTISE_SANDBOX_URL=${address}

How it answers is decided by the ending of a credential. These are some; others with such an ending do too:

${table(rows.map(lineOf))}`
}

function lineOf({ provider, variant, mode, fields, note }: SampleRow): Record<string, string> {
  const shown = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${value}`)
  return {
    provider: variant === null ? provider : `${provider} (${variant})`,
    mode,
    fields: fields ? shown.join(' ') : `none: ${note}`,
  }
}

// `mortise connections call`: a provider's own API through a connection, whose credential the hub puts on.
import { once } from 'node:events'
import type { Command } from 'commander'
import { type Mortise, MortiseError } from '../../sdk/src/index.ts'
import { contract } from '../contract/index.ts'
import { invalidField } from '../hub/errors.ts'
import { exitCodes } from './exit-codes.ts'
import { readGiven, textRule } from './given-text.ts'
import { tell } from './report.ts'
import { acting, takeIntegration } from './route-command.ts'
import { takeWhere, type WhereOptions, withClient } from './where.ts'

type CallOptions = WhereOptions & {
  integration?: string
  method?: string
  header?: string[]
  body?: string
  service?: string
}

export function addCall(connections: Command): void {
  takeIntegration(takeWhere(connections.command('call <id> <path>')))
    .description('call the provider with the credential of a connection; what it answers is written as it is')
    .option('--method <method>', 'GET where there is no body, else POST')
    .option(
      '--header <name:value>',
      'a header for the provider; may be repeated',
      (given: string, before: string[] = []) => [...before, given],
    )
    .option('--body <text>', 'what is sent; JSON where it is not said otherwise')
    .option('--service <name>', 'which of the services of the provider is meant')
    .addHelpText(
      'after',
      `
${textRule} An answer of 400 and above is written too, and ends with 65.

Examples:
  $ mortise connections call 1 /v1/balance
  $ mortise connections call 1 /v1/customers --header 'content-type: application/x-www-form-urlencoded' --body 'name=Ada'`,
    )
    .action(async (id: string, path: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CallOptions>()
      const { method, service } = options
      const body = options.body === undefined ? undefined : await readGiven('body', options.body)
      const headers = headersOf(options, body !== undefined)
      if (service !== undefined) headers.set('mortise-service', service)
      const init = {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        ...(body !== undefined && { body }),
      }
      const named = { resource: 'connections', action: 'call', route: contract.v2.proxy.call }
      await withClient(options, (mortise) =>
        acting(mortise, named, options, async (mortise) => show(await called(mortise, id, path, init))),
      )
    })
}

/** @throws MortiseError where it is not the provider that answers */
async function called(mortise: Mortise, id: string, path: string, init: RequestInit): Promise<Response> {
  const response = await mortise.connections.fetch(id, path, init)
  if (response.ok || response.headers.get('mortise-origin') === 'upstream') return response
  const body: unknown = await response.json().catch(() => undefined)
  throw new MortiseError(response, body)
}

async function show(response: Response): Promise<void> {
  if (!response.ok) {
    tell(`The provider answers ${response.status}.`)
    process.exitCode = exitCodes.refused
  }
  const bytes = Buffer.from(await response.arrayBuffer())
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain').catch(() => undefined)
  if (process.stdout.isTTY && bytes.length > 0 && bytes.at(-1) !== 0x0a) process.stdout.write('\n')
}

function headersOf({ header = [] }: CallOptions, hasBody: boolean): Headers {
  const headers = new Headers(hasBody ? { 'content-type': 'application/json' } : {})
  for (const one of header) {
    const at = one.indexOf(':')
    if (at < 1) throw invalidField('header', 'Give a name and a value, such as accept: text/csv')
    headers.set(one.slice(0, at).trim(), one.slice(at + 1).trim())
  }
  return headers
}

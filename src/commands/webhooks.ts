// `mortise webhooks tail|listen`: prints what is delivered, and passes events on to a program on this machine.
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { newWebhookSecret } from '../hub/webhook-secrets.ts'
import { type Performs, withStore } from './perform.ts'
import { print, tell } from './report.ts'
import { accountOf, type WhereOptions } from './where.ts'

type ListenOptions = WhereOptions & { forward: string; events: string }

const pollMs = 500
/** A try is told once it is over, by when others that began later may have been told. */
const windowMs = 60_000
const forwardTimeoutMs = 15_000

export function addWebhooks(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('list, make and change webhooks; watch deliveries; receive events on this machine')
  webhooks
    .command('tail')
    .description('print every attempt at delivering as it is made, until it is interrupted')
    .option('--account <number>', 'of this account (default: the only one)')
    .addHelpText('after', '\nOf the store of this machine alone.\n\nExample:\n  $ mortise webhooks tail')
    .action((_options: unknown, command: Command) => tail(command.optsWithGlobals<WhereOptions>()))
  webhooks
    .command('listen')
    .description('pass events on to a program on this machine as they happen, signed as webhooks are')
    .option('--account <number>', 'whose events (default: those of the only one)')
    .addHelpText(
      'after',
      '\nOf the store of this machine alone.\n\nExample:\n  $ mortise webhooks listen --forward http://localhost:4000/hooks',
    )
    .requiredOption('--forward <url>', 'where to, such as http://localhost:4000/hooks')
    .option('--events <type>', 'only this type, or all of a noun, such as connection.*', '*')
    .action((_options: unknown, command: Command) => listen(command.optsWithGlobals<ListenOptions>()))
}

function tail(options: WhereOptions): Promise<void> {
  const told = new Set<string>()
  return again(options, async (perform, account, begunMs) => {
    const from = new Date(Math.max(begunMs, Date.now() - windowMs)).toISOString()
    const { attempts } = await perform('webhooks attempts', { account, since: from })
    for (const attempt of attempts) {
      const key = `${attempt.webhook} ${attempt.id} ${attempt.at}`
      if (told.has(key)) continue
      told.add(key)
      const { at, status, error, duration_ms, type, id, url } = attempt
      print(
        options.json
          ? JSON.stringify(attempt)
          : `${at}  ${String(status ?? error).padEnd(9)}  ${String(duration_ms).padStart(5)} ms  ${type}  ${id}  ${url}`,
      )
    }
  })
}

async function listen(options: ListenOptions): Promise<void> {
  const { forward, events: type } = options
  const { Webhook } = await import('standardwebhooks')
  const secret = newWebhookSecret()
  let after: number | undefined
  tell(`Passing events on to ${forward}, signed with: ${secret}`)
  return again(options, async (perform, account) => {
    const next = await perform('webhooks events', { account, after, type })
    after = next.after
    for (const { id, type, body } of next.events) {
      const now = new Date()
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      }
      const answer = await post(forward, headers, body)
      print(
        options.json ? JSON.stringify({ id, type, answer }) : `${String(answer).padEnd(9)}  ${type}  ${id}`,
      )
    }
  })
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<number | string> {
  try {
    const signal = AbortSignal.timeout(forwardTimeoutMs)
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'timed_out' : 'no_answer'
  }
}

/** Until it is interrupted, or nobody reads what it prints. */
function again(
  options: WhereOptions,
  work: (perform: Performs, account: number, begunMs: number) => Promise<void>,
): Promise<void> {
  let isOver = false
  process.stdout.once('error', () => {
    isOver = true
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isOver = true
    })
  }
  const begunMs = Date.now()
  return withStore(options, async (perform) => {
    const account = await accountOf(options, perform)
    while (!isOver) {
      await work(perform, account, begunMs)
      await wait(pollMs)
    }
  })
}

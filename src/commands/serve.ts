// `mortise serve`: opens the store, serves it, and stops when asked to, with nothing left undone.
import type { Server } from 'node:http'
import type { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApi } from '../api.ts'
import { createHub, type Hub } from '../app.ts'
import type { Options } from '../config.ts'
import { addressOf, listen } from '../dialects/server.ts'
import { makeAccount } from '../duties/accounts.ts'
import { consolePath } from '../duties/console.ts'
import { controlPath, serveControl } from '../duties/control.ts'
import { linkMinutes } from '../hub/console-sessions.ts'
import { HubError } from '../hub/errors.ts'
import { newSlotSecret } from '../hub/given-secrets.ts'
import { writtenAllowed } from '../outbound/allowed.ts'
import { publicUrlOf } from '../public-url.ts'
import { readSettings, type Settings } from '../settings.ts'
import { shownSettings } from '../shown-settings.ts'
import type { Store } from '../store.ts'
import { readVersion } from '../version.ts'
import { type Repeated, repeat } from '../worker/repeat.ts'
import { egressOf } from './egress.ts'
import { exitCodes } from './exit-codes.ts'
import { openLog } from './log.ts'
import { openObserving } from './observing.ts'
import { openPatiently } from './open-patiently.ts'
import { print } from './report.ts'
import { tellOfCrashes, tellOfStrays } from './serve-told.ts'

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the hub; the first start makes its store')
    .option('--port <number>', 'port to listen on (default 3500)')
    .action(async (_options: unknown, command: Command) => {
      const settings = await readSettings(process.env, command.optsWithGlobals<Options>())
      await serve(settings, { prepare: firstAccount })
    })
}

/** What a person is told once the server listens, beside its address. */
type Prepare = (hub: Hub, store: Store, address: string) => Promise<string>

/** How often what is only noted in memory is written down. */
const flushEveryMs = 5_000
/** How often what has expired is removed. */
const sweepEveryMs = 60_000
/** How often deliveries are looked for that other nodes have made, or whose time has come again. */
const lookEveryMs = 1_000
/** How often connections are looked for whose time to be verified has come. */
const verifyEveryMs = 5_000
/** How long requests in flight may take to finish after a stop was asked for. */
const graceMs = 30_000
/** A terminal's Ctrl-C arrives twice through npm; a second one after this is meant. */
const secondSignalMs = 500

/** Resolves once the server listens and everything is printed; the process then lives until a signal. */
export async function serve(
  { config, secrets, catalogue }: Settings,
  { prepare, cleanUp }: { prepare: Prepare; cleanUp?: () => Promise<void> | void },
): Promise<void> {
  const log = openLog(config.logLevel)
  tellOfCrashes(log)
  const observing = await openObserving({ config, secrets, catalogue }, log)
  const { observer } = observing
  const store = await openPatiently({ config, secrets, catalogue }, log, observer)
  for (const warning of store.warnings) log.warn(warning)
  noteEgress(config, log)
  const { db, keyRing } = store
  let listening: number | undefined
  // Also of what is answered while the server stops, and does not listen any more.
  const publicUrl = () => publicUrlOf({ ...config, port: listening ?? config.port })
  const hub = createHub({
    db,
    keyRing,
    onError: (err) => log.error({ err }, 'a refresh of an access token failed beside the requests'),
    rateLimits: config.rateLimits,
    auditDays: config.auditDays,
    catalogue,
    egress: egressOf(config, secrets, () => listening),
    onDeliveryError: (err, { accountId, uid }) =>
      log.error({ err, account: accountId, webhook: uid }, 'a webhook could not be delivered to'),
    publicUrl,
    observer,
  })
  const readiness = { isStopping: false, look: hub.readiness.look, writesRefused: observing.writesRefused }
  const stopping = new AbortController()
  const { trustedProxies, host, port } = config
  const closing: Array<() => Promise<unknown> | unknown> = [
    () => cleanUp?.(),
    () => observing.close(),
    () => store.close(),
  ]
  const close = async () => {
    readiness.isStopping = true
    stopping.abort()
    for (const step of closing.toReversed()) await step()
  }
  try {
    const app: FastifyInstance = createApi({
      hub,
      log,
      publicUrl,
      isTls: config.publicUrl?.startsWith('https:') ?? false,
      trustedProxies,
      readiness,
      settings: () => shownSettings(config, publicUrl()),
      observer,
      writeMetrics: observing.writeMetrics,
    })
    observing.lookUpWith(async () => ({
      ...(await hub.readings()),
      isStopping: readiness.isStopping,
      space: await store.space(),
      writesRefused: observing.writesRefused() !== undefined,
      httpConnections: await connectionsOf(app.server),
    }))
    const verifyNow = verifyDue(hub, stopping.signal, log)
    const works: Repeated[] = [
      { name: 'flush', everyMs: flushEveryMs, work: hub.flush, atEnd: 'once more' },
      { name: 'sweep', everyMs: sweepEveryMs, work: hub.sweep, atEnd: 'once more' },
    ]
    if (config.egress.isVerifying)
      works.push({ name: 'verify', everyMs: verifyEveryMs, work: verifyNow, atEnd: 'no more' })
    if (config.egress.isDelivering)
      works.push({ name: 'deliver', everyMs: lookEveryMs, work: hub.deliveries.look, atEnd: 'no more' })
    const beside = works.map((work) => repeat(work, { log, observer }))
    closing.push(hub.close)
    closing.push(() => hub.deliveries.stop())
    closing.push(() => Promise.all(beside.map((repetition) => repetition.stop())))
    const { lock } = store
    // Where nobody holds the store, commands need nobody to ask.
    const controlAt = lock && controlPath(config.dataDir, store.storeId)
    if (controlAt) {
      const control = await serveControl(hub, controlAt)
      closing.push(() => closeServer(control))
    }
    closing.push(() => app.close())
    await listen(app, { host, port })
    const address = addressOf(app.server)
    listening = Number(new URL(address).port)
    const metrics = await observing.listen()
    if (metrics) closing.push(() => closeServer(metrics))
    if (controlAt) lock.announce({ address, control: controlAt })
    if (config.egress.isDelivering) await hub.deliveries.start()
    const words = await prepare(hub, store, config.publicUrl ?? address)
    // Before anybody is told that it runs: from then on a signal may come.
    stopOnSignals(log, close)
    print(`Mortise ${readVersion()} listens on ${address}\n${words}`.trimEnd())
    const looking = tellOfStrays(hub, log, () => readiness.isStopping)
    closing.push(() => looking)
    await observing.settle()
  } catch (error) {
    await close()
    throw error
  }
}

/** What is out of the ordinary is told at every start. */
function noteEgress({ egress }: Settings['config'], log: Logger): void {
  const { allow, sandboxUrl, isDelivering } = egress
  if (allow.length > 0)
    log.info(
      { allowed: allow.map(writtenAllowed) },
      'addresses that may be called though they are not public',
    )
  if (sandboxUrl !== null)
    log.warn({ sandbox: sandboxUrl }, 'a sandbox stands in for all providers: none is called')
  if (!isDelivering) log.warn('nothing is delivered to webhooks: it waits until MORTISE_DELIVER is on')
}

/** What is wrong with one connection must not keep others from being looked at. */
function verifyDue({ verification }: Hub, stop: AbortSignal, log: Logger): () => Promise<void> {
  const onError = (err: unknown) => log.error({ err }, 'a connection could not be verified')
  return () => verification.checkAllDue({ onError, stop })
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count ?? 0)))
}

/** Lets what was asked of it be answered. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** A store without an account gets one, and its key is shown this once. */
const firstAccount: Prepare = async (hub, store, address) => {
  if ((await hub.accounts.list()).length > 0) {
    if (await hub.apiKeys.exists(publishedKey))
      return '\nThis folder was made by the demo: its keys are published. Use it for nothing that matters.\n'
    return adviseRecovery(hub)
  }
  const made = await firstOf(() => makeAccount(hub, { id: 1, name: 'My product' }))
  if (!made) return ''
  const { id, api_key } = made
  const link = await hub.consoleSessions.createLink(id)
  const { secret, made: recoveryCode } = newSlotSecret({ kind: 'recovery' })
  await hub.keySlots.add(secret)
  return `
The console: ${address}${consolePath(link.text)}
            This link signs in once, within ${linkMinutes} minutes. A new one: mortise open

This is the first start. What follows is shown once: keep it.

API key of account ${id}:
${api_key}

Master key: ${store.openedBy.from}
            fingerprint ${store.openedBy.fingerprint}
            Copy it to a safe place.

Recovery code: ${recoveryCode}
            Write it down, elsewhere: it opens this store when the master key is lost.
            Without both of them nobody can read the credentials in it.

Try it:
  curl -H 'Authorization: Token ${api_key}' ${address}/v2/integrations/
`
}

/** A store whose first start was cut off, or whose code was taken away, has but its key. */
async function adviseRecovery(hub: Hub): Promise<string> {
  const slots = await hub.keySlots.list()
  if (slots.some(({ kind }) => kind === 'recovery')) return ''
  return `
This store has no recovery code: if its master key is lost, so is what it protects. Make one:
  mortise vault slots add recovery
`
}

/** @returns undefined where another node was quicker */
async function firstOf<Made>(make: () => Promise<Made>): Promise<Made | undefined> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof HubError && error.code === 'id_taken') return undefined
    throw error
  }
}

/** The key that both a document and the demo print. */
export const publishedKey = 'test_key'

function stopOnSignals(log: Logger, stop: () => Promise<void>): void {
  let firstAt: number | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > secondSignalMs) process.exit(exitCodes.failed)
      return
    }
    firstAt = performance.now()
    log.debug({ signal }, 'stopping')
    setTimeout(() => process.exit(exitCodes.failed), graceMs).unref()
    stop().then(
      () => log.flush(() => process.exit(exitCodes.ok)),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop cleanly')
        log.flush(() => process.exit(exitCodes.failed))
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}

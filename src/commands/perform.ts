// Performs a duty: in this process where the store is free, or by the server that has it open.
import { createHub } from '../app.ts'
import { askControl } from '../duties/control.ts'
import { type DutyName, type DutyResult, duties } from '../duties/index.ts'
import { HubError } from '../hub/errors.ts'
import { publicUrlOf } from '../public-url.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type Opening, openStore, type Store, StoreHeld } from '../store.ts'
import { egressOf } from './egress.ts'
import { tell } from './report.ts'

export type DutyOptions = { data?: string; json?: boolean }

/** Performs a duty, again and again on the same store. */
export type Performs = <Name extends DutyName>(name: Name, input: object) => Promise<DutyResult<Name>>

export function perform<Name extends DutyName>(
  name: Name,
  input: object,
  options: DutyOptions,
): Promise<DutyResult<Name>> {
  return withStore(options, (perform) => perform(name, input))
}

/** For duties that come in parts: the store is opened once, or is that of a server all the while. */
export async function withStore<Result>(
  options: DutyOptions,
  work: (perform: Performs) => Promise<Result>,
): Promise<Result> {
  return withSettings(await readSettings(process.env, options), {}, work)
}

/** @param opening where it is only looked at: `mayMigrate: false` */
export async function withSettings<Result>(
  settings: Settings,
  opening: Pick<Opening, 'mayMigrate'>,
  work: (perform: Performs, store: Store | undefined) => Promise<Result>,
): Promise<Result> {
  let store: Store
  try {
    store = await openStore(settings.config, settings.secrets, {
      mayCreate: false,
      onSchemaHeld: tell,
      ...opening,
    })
  } catch (error) {
    if (!(error instanceof StoreHeld) || error.holder?.control === undefined) throw error
    const { control } = error.holder
    const ask: Performs = async (name, input) =>
      (await askServer(error, control, name, defined(input))) as never
    return work(ask, undefined)
  }
  try {
    const { config, catalogue } = settings
    const { db, keyRing } = store
    const hub = createHub({
      db,
      keyRing,
      rateLimits: config.rateLimits,
      catalogue,
      egress: egressOf(config, settings.secrets),
      publicUrl: () => publicUrlOf(config),
    })
    const run: Performs = async (name, input) => (await duties[name].run(hub, defined(input))) as never
    try {
      return await work(run, store)
    } finally {
      await hub.close()
    }
  } finally {
    await store.close()
  }
}

function defined(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}

/** A holder that does not listen is no server of ours, or a dying one: the refusal stands. */
async function askServer(held: StoreHeld, control: string, name: DutyName, input: object): Promise<unknown> {
  try {
    return await askControl(control, name, input)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') {
      throw new HubError(
        'shutting_down',
        'The server stopped before it answered. See whether it was done, and run this again.',
      )
    }
    if (error instanceof Error && 'syscall' in error) throw held
    throw error
  }
}

// Performs a duty: in this process where the store is free, or by the server that has it open.
import { createHub } from '../app.ts'
import { askControl } from '../duties/control.ts'
import { type DutyName, type DutyResult, duties } from '../duties/index.ts'
import { HubError } from '../hub/errors.ts'
import { readSettings } from '../settings.ts'
import { openStore, type Store, StoreHeld } from '../store.ts'

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
  const settings = await readSettings(process.env, options)
  let store: Store
  try {
    store = await openStore(settings.config, settings.secrets, { mayCreate: false })
  } catch (error) {
    if (!(error instanceof StoreHeld) || error.holder?.control === undefined) throw error
    const { control } = error.holder
    return work(async (name, input) => (await askServer(error, control, name, defined(input))) as never)
  }
  try {
    const { config, catalogue } = settings
    const { db, keyRing } = store
    const hub = createHub({ db, keyRing, rateLimits: config.rateLimits, catalogue })
    return await work(async (name, input) => (await duties[name].run(hub, defined(input))) as never)
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

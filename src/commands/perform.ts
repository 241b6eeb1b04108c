// Performs a duty: in this process where the store is free, or by the server that has it open.
import { createHub } from '../app.ts'
import { askControl } from '../duties/control.ts'
import { type DutyName, type DutyResult, duties } from '../duties/index.ts'
import { HubError } from '../hub/errors.ts'
import { readSettings, type Settings } from '../settings.ts'
import { openStore, StoreHeld } from '../store.ts'

export type DutyOptions = { data?: string; json?: boolean }

export async function perform<Name extends DutyName>(
  name: Name,
  input: object,
  options: DutyOptions,
): Promise<DutyResult<Name>> {
  const settings = await readSettings(process.env, options)
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  try {
    return await performHere(name, given, settings)
  } catch (error) {
    if (!(error instanceof StoreHeld) || error.holder?.control === undefined) throw error
    return (await askServer(error, error.holder.control, name, given)) as DutyResult<Name>
  }
}

async function performHere<Name extends DutyName>(
  name: Name,
  input: object,
  { config, secrets, catalogue }: Settings,
): Promise<DutyResult<Name>> {
  const store = await openStore(config, secrets, { mayCreate: false })
  try {
    const { db, keyRing } = store
    const hub = createHub({ db, keyRing, rateLimits: config.rateLimits, catalogue })
    return (await duties[name].run(hub, input)) as DutyResult<Name>
  } finally {
    await store.close()
  }
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

// `mortise vault …`: the slots that open a store, its keys, their rotation, and the way back from a lost key.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { createHub } from '../app.ts'
import { HubError } from '../hub/errors.ts'
import { newSlotSecret } from '../hub/given-secrets.ts'
import type { KeySlot } from '../hub/key-slots.ts'
import { readSettings } from '../settings.ts'
import { openStore } from '../store.ts'
import {
  newMasterKey,
  readMasterKeyFile,
  removeMasterKeyFile,
  writeMasterKeyFile,
} from '../vault/master-key.ts'
import { keySecret, type SlotKind } from '../vault/slot-secret.ts'
import { keyFileOf } from '../vault/unlock.ts'
import { readInput } from './input.ts'
import { type DutyOptions, perform } from './perform.ts'
import { print, table, tell } from './report.ts'
import { addRotate } from './vault-rotate.ts'

type SlotOptions = DutyOptions & { file?: string }

export function addVault(program: Command): void {
  const vault = program.command('vault').description('look after the keys that credentials are sealed with')
  const slots = vault.command('slots').description('list, add, test and remove what opens the store')

  slots
    .command('list')
    .description('list what opens the store')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const found = await perform('vault slots list', {}, options)
      print(options.json ? JSON.stringify(found) : table(found.slots.map(shown)))
    })

  slots
    .command('add <kind>')
    .description('add a way to open it: recovery makes a code, passphrase and key take yours')
    .option('--file <path>', 'for a key: its file, which is made where it is not there')
    .action(async (text: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SlotOptions>()
      const { slot, recovery_code } = await addSlot(kindOf(text), options)
      if (options.json) return print(JSON.stringify({ slot, ...(recovery_code && { recovery_code }) }))
      print(`Slot ${slot.id} opens the store from now on (${slot.kind}, fingerprint ${slot.fingerprint}).`)
      if (recovery_code)
        print(`\nRecovery code: ${recovery_code}\n\nShown once. Write it down, and keep it elsewhere.`)
    })

  slots
    .command('test <kind>')
    .description('see whether a code, a passphrase or a key file opens the store; nothing is changed')
    .option('--file <path>', 'for a key: its file')
    .action(async (text: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SlotOptions>()
      const { slot } = await perform('vault slots test', await secretOf(kindOf(text), options), options)
      if (options.json) print(JSON.stringify({ slot }))
      else
        print(
          `It opens slot ${slot.id} (${slot.kind}, fingerprint ${slot.fingerprint}), and all that is in it.`,
        )
    })

  slots
    .command('remove <id>')
    .description('take away a way to open it; the last one stays')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const { slot } = await perform('vault slots remove', { id }, options)
      if (options.json) return print(JSON.stringify({ slot }))
      print(
        `Slot ${slot.id} (${slot.kind}) is gone. Who had its secret may have kept what it opened. To be safe from that:`,
      )
      print('  mortise vault rotate')
    })

  vault
    .command('recover')
    .description('make a new master key with the recovery code, which is read from standard input')
    .option('--code <code>', 'the recovery code, where nobody else may see the list of processes')
    .action(async (_options: unknown, command: Command) => {
      await recover(command.optsWithGlobals<DutyOptions & { code?: string }>())
    })

  vault
    .command('keys')
    .description('list root keys and data keys, and how much needs each')
    .option('--account <number>', 'data keys of this account alone')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions & { account?: string }>()
      const account = options.account === undefined ? undefined : Number(options.account)
      const found = await perform('vault keys', { account }, options)
      if (options.json) return print(JSON.stringify(found))
      const roots = found.root_keys.map(({ id, createdAt, isCurrent, wraps }) => {
        return { root_key: id, made: createdAt, current: isCurrent ? 'yes' : '', 'keys wrapped': wraps }
      })
      const keys = found.data_keys.map(({ id, accountId, createdAt, isCurrent, values, answers }) => {
        const current = isCurrent ? 'yes' : ''
        return {
          data_key: id,
          account: accountId,
          made: createdAt,
          current,
          values,
          'stored answers': answers,
        }
      })
      print(`${table(roots)}\n\n${table(keys)}`)
    })

  vault
    .command('drop <id>')
    .description('remove an old root key or data key that nothing needs any more')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const dropped = await perform('vault drop', { id }, options)
      print(options.json ? JSON.stringify(dropped) : `The key ${id} is gone.`)
    })

  addRotate(vault)
}

function shown({ id, kind, fingerprint, createdAt, isInUse, isGenuine }: KeySlot) {
  const notes = [isInUse ? 'opened with it now' : '', isGenuine ? '' : 'NOT GENUINE: remove it']
  return { slot: id, kind, fingerprint, made: createdAt, note: notes.filter(Boolean).join(', ') }
}

function kindOf(text: string): SlotKind {
  if (text === 'key' || text === 'recovery' || text === 'passphrase') return text
  throw new HubError('invalid', `There is no kind of slot "${text}". There are: key, recovery, passphrase.`)
}

/** A key file that is made for a slot is there before the slot is, and goes where the slot does not come. */
async function addSlot(kind: SlotKind, options: SlotOptions) {
  if (kind === 'recovery') return perform('vault slots add', { kind }, options)
  const file = kind === 'key' ? fileOf(options) : undefined
  const isNew = file !== undefined && !existsSync(file)
  if (isNew) writeMasterKeyFile(file, newMasterKey(`the key file ${file}`))
  try {
    return await perform('vault slots add', await secretOf(kind, options), options)
  } catch (error) {
    if (isNew) removeMasterKeyFile(file)
    throw error
  }
}

/** What is given, as a duty takes it. */
async function secretOf(kind: SlotKind, options: SlotOptions) {
  if (kind !== 'key') {
    const text = (await readInput(kind === 'recovery' ? 'the recovery code' : 'the passphrase')).replace(
      /\r?\n$/,
      '',
    )
    return { kind, text }
  }
  const file = fileOf(options)
  const { config } = await readSettings(process.env, options)
  const key = readMasterKeyFile(file, config.dataDir)
  if (!key) throw new HubError('not_found', `There is no key file ${file}.`)
  return { kind, text: key.key.export().toString('base64'), from: key.from }
}

function fileOf({ file }: SlotOptions): string {
  if (file === undefined) throw new HubError('invalid', 'Name the key file: --file /path/to/mortise.key')
  return resolve(file)
}

/** Opens the store with the code, and makes a key file in the place of the one that is lost. */
async function recover({ code, ...options }: DutyOptions & { code?: string }): Promise<void> {
  // What stands on the command line is seen by everybody on the machine: from here on it is not there.
  if (code !== undefined) process.title = 'mortise vault recover'
  const text = code ?? (await readInput('the recovery code'))
  const { secret } = newSlotSecret({ kind: 'recovery', text: text.trim() })
  const { config, secrets, catalogue } = await readSettings(process.env, options)
  const store = await openStore(config, secrets, { mayCreate: false, onSchemaHeld: tell }, [secret])
  try {
    const { db, keyRing, storeId, openedBy } = store
    if (openedBy.from !== secret.from) {
      throw new HubError(
        'invalid',
        `Nothing is lost: ${openedBy.from} opens this store. To see whether the code does too: mortise vault slots test recovery`,
      )
    }
    if (secrets.masterKey) {
      throw new HubError(
        'invalid',
        'MORTISE_MASTER_KEY holds a key that is not this store’s. Unset it, and run this again.',
      )
    }
    const file = keyFileOf({ file: secrets.masterKeyFile, keyDir: config.keyDir }, storeId)
    if (existsSync(file)) {
      throw new HubError(
        'invalid',
        `The key file ${file} is another store’s. Move it away, and run this again.`,
      )
    }
    const masterKey = newMasterKey(`the key file ${file}`)
    writeMasterKeyFile(file, masterKey)
    const hub = createHub({ db, keyRing, rateLimits: config.rateLimits, catalogue })
    const slot = await added(hub, file, masterKey)
    const lost = (await hub.keySlots.list()).filter(({ kind, id }) => kind === 'key' && id !== slot.id)
    if (options.json) return print(JSON.stringify({ slot, file, lost: lost.map(({ id }) => id) }))
    print(`
A new master key opens this store: the key file ${file}
            fingerprint ${masterKey.fingerprint}
            Copy it to a safe place. The recovery code stays as it is.
${lost.map(({ id, fingerprint }) => `\nThe lost key (fingerprint ${fingerprint}) still opens it. If somebody may have it:\n  mortise vault slots remove ${id}\n  mortise vault rotate\n`).join('')}`)
  } finally {
    await store.close()
  }
}

async function added(
  hub: ReturnType<typeof createHub>,
  file: string,
  masterKey: Parameters<typeof keySecret>[0],
) {
  try {
    return await hub.keySlots.add(keySecret(masterKey))
  } catch (error) {
    removeMasterKeyFile(file)
    throw error
  }
}

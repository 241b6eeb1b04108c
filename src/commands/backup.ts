// `mortise backup` and `mortise restore`: a whole copy of the embedded store, and the way back from one.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { HubError } from '../hub/errors.ts'
import { readSettings, type Settings } from '../settings.ts'
import { StoreRefused } from '../storage/database.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, withSettings } from './perform.ts'
import { counted, print } from './report.ts'
import { damageWords, trailWords, verifyTrails, verifyValues } from './verification.ts'

export function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the store into a new file, while it is served; it holds no key that opens it')
    .action(async (target: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const { config } = await readSettings(process.env, options)
      refusePostgres(config, 'pg_dump, or base backups with the write-ahead log')
      const file = join(config.dataDir, 'mortise.db')
      if (!existsSync(file)) throw new StoreRefused(`There is no store in ${config.dataDir}.`)
      const path = resolve(target)
      if (`${path}${sep}`.startsWith(`${resolve(config.dataDir)}${sep}`)) {
        throw new HubError('invalid', 'A backup in the data folder is lost with it. Name a file elsewhere.')
      }
      // Loaded here: most commands need nothing of it.
      const { backUp } = await import('../storage/backup.ts')
      const bytes = backUp(file, path)
      if (options.json) print(JSON.stringify({ file: path, bytes }))
      else {
        print(`${path}: ${Math.ceil(bytes / 1_024)} KiB, for you alone to read.`)
        print(
          'What opens it is not in it: keep the master key or the recovery code elsewhere. To see that it can be restored:',
        )
        print(`  mortise restore --verify ${target}`)
      }
    })

  program
    .command('restore <file>')
    .description('put a backup into an empty data folder, after every value and every record was verified')
    .option('--verify', 'verify it, and put it nowhere')
    .action(async (source: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions & { verify?: true }>()
      await restore(resolve(source), options)
    })
}

async function restore(file: string, options: DutyOptions & { verify?: true }): Promise<void> {
  const settings = await readSettings(process.env, options)
  const { dataDir } = settings.config
  refusePostgres(settings.config, 'PostgreSQL’s own tools, and then: mortise doctor --deep')
  if (!options.verify) refuseUsed(dataDir)
  const { judgeDatabase, putInPlace } = await import('../storage/backup.ts')
  judgeDatabase(file)
  const outcome = await verifyCopy(file, settings, putInPlace, options)
  const { values, trails } = outcome
  const isWhole = values.damaged.length === 0 && trails.every(({ broken }) => broken === null)
  if (!isWhole) process.exitCode = exitCodes.refused
  if (isWhole && !options.verify) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    putInPlace(file, join(dataDir, 'mortise.db'))
  }
  if (options.json) return print(JSON.stringify({ ...outcome, restored: isWhole && !options.verify }))
  print(`${counted(values.opened, 'value')} opened.`)
  for (const value of values.damaged) print(`DAMAGED: ${damageWords(value)}`)
  for (const trail of trails) print(trailWords(trail))
  if (!isWhole) print('This backup is not whole, and was put nowhere. Take another one.')
  else if (!options.verify) print(`Restored into ${dataDir}. Start it with: npm start -- --data ${dataDir}`)
}

/** In a folder of its own, which is gone afterwards: opening a store changes it. */
async function verifyCopy(
  file: string,
  settings: Settings,
  putInPlace: (file: string, target: string) => number,
  options: DutyOptions,
) {
  const parent = dirname(settings.config.dataDir)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const dataDir = mkdtempSync(join(parent, '.mortise-verify-'))
  try {
    putInPlace(file, join(dataDir, 'mortise.db'))
    const config = { ...settings.config, dataDir }
    return await withSettings({ ...settings, config }, {}, async (perform) => ({
      values: await verifyValues(perform, options),
      trails: await verifyTrails(perform, options),
    }))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function refuseUsed(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return
  throw new StoreRefused(`${dataDir} is not empty. Name another folder with --data, or move it away.`)
}

function refusePostgres({ postgres }: Settings['config'], instead: string): void {
  if (!postgres) return
  throw new HubError('invalid', `The store is in PostgreSQL (DATABASE_URL). Use ${instead}.`)
}

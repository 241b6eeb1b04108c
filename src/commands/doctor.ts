// `mortise doctor`: looks at everything that has to be right, a line each, with the fix; changes nothing.
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { DutyResult } from '../duties/index.ts'
import { readSettings, type Settings } from '../settings.ts'
import { StoreRefused } from '../storage/database.ts'
import { lacksLog } from '../storage/in-use.ts'
import { logIsGone, type Store } from '../store.ts'
import { MasterKeyRefused } from '../vault/master-key.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, type Performs, withSettings } from './perform.ts'
import { counted, print } from './report.ts'
import { damageWords, trailWords, verifyTrails, verifyValues } from './verification.ts'

type Level = 'ok' | 'WARN' | 'FAIL'
type Finding = { level: Level; check: string; says: string }

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at keys, disk, clock, database and schema, and say what to mend; nothing is changed')
    .option('--deep', 'open every sealed value and walk every audit trail too')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions & { deep?: true }>()
      const findings = await examine(await readSettings(process.env, options), options.deep ?? false)
      if (options.json) print(JSON.stringify({ findings }))
      else
        print(
          findings
            .map(({ level, check, says }) => `${level.padEnd(4)} ${check.padEnd(9)} ${says}`)
            .join('\n'),
        )
      if (findings.some(({ level }) => level === 'FAIL')) process.exitCode = exitCodes.failed
    })
}

async function examine(settings: Settings, isDeep: boolean): Promise<Finding[]> {
  const { config } = settings
  const findings: Finding[] = [finding('ok', 'node', `Node ${process.versions.node}`)]
  if (!config.postgres) {
    findings.push(...folderFindings(config.dataDir))
    if (isDeep) findings.push(...(await fileFindings(config.dataDir)))
  }
  try {
    const inside = await withSettings(settings, { mayMigrate: false }, async (perform, store) => [
      ...(await findingsInside(settings, perform, store)),
      ...(isDeep ? await deepFindings(perform) : []),
    ])
    return [...findings, ...inside]
  } catch (error) {
    if (error instanceof MasterKeyRefused)
      return [...findings, finding('FAIL', 'key', inOneLine(error.message))]
    if (error instanceof StoreRefused)
      return [...findings, finding('FAIL', 'store', inOneLine(error.message))]
    throw error
  }
}

/** Before the store is opened here: SQLite's locks on a file end when another handle on it is closed. */
async function fileFindings(dataDir: string): Promise<Finding[]> {
  const file = join(dataDir, 'mortise.db')
  if (!existsSync(file)) return []
  const { problemIn } = await import('../storage/backup.ts')
  const problem = problemIn(file)
  if (problem === undefined) return [finding('ok', 'file', `${file} is whole`)]
  return [finding('FAIL', 'file', `${file} is damaged: ${inOneLine(problem)}. Restore a backup`)]
}

function inOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' '))
    .join(' ')
}

const gibibyte = 2 ** 30

function folderFindings(dataDir: string): Finding[] {
  const file = join(dataDir, 'mortise.db')
  // What is missing is told by whoever opens it.
  if (!existsSync(file)) return []
  const findings: Finding[] = []
  const loose = ['.', ...readdirSync(dataDir)].filter(
    (name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0,
  )
  findings.push(
    loose.length === 0
      ? finding('ok', 'files', `${dataDir} is for its owner alone`)
      : finding(
          'WARN',
          'files',
          `others may read ${loose.join(', ')} in ${dataDir}: chmod -R go= ${dataDir}`,
        ),
  )
  const { bavail, blocks, bsize } = statfsSync(dataDir)
  const free = `${((bavail * bsize) / gibibyte).toFixed(1)} GiB free`
  const isFull = bavail * bsize < gibibyte || bavail < blocks / 10
  findings.push(
    finding(isFull ? 'WARN' : 'ok', 'disk', isFull ? `only ${free}: make room, or writes are refused` : free),
  )
  if (lacksLog(file)) findings.push(finding('FAIL', 'log', logIsGone(file)))
  return findings
}

async function findingsInside(
  { config }: Settings,
  perform: Performs,
  store: Store | undefined,
): Promise<Finding[]> {
  const facts = await perform('doctor', {})
  const how = store ? 'stopped' : 'served just now'
  const what = config.postgres
    ? `PostgreSQL at ${config.postgres.name}`
    : `SQLite in ${config.dataDir}, ${how}`
  // Of a file without its log it was told above.
  const warnings = config.postgres ? (store?.warnings ?? []) : facts.unsafe_settings
  return [
    finding('ok', 'schema', 'up to date'),
    warnings.length === 0
      ? finding('ok', 'database', `${what}; what is answered is on disk`)
      : finding('ok', 'database', what),
    ...warnings.map((warning) => finding('WARN', 'database', warning)),
    ...vaultFindings(facts),
  ]
}

/** Clocks of machines differ by less. */
const clockToleranceMs = 60_000

function vaultFindings({
  slots,
  root_keys,
  old_data_keys,
  latest,
}: Pick<DutyResult<'doctor'>, 'slots' | 'root_keys' | 'old_data_keys' | 'latest'>): Finding[] {
  const findings: Finding[] = []
  const inUse = slots.find(({ isInUse }) => isInUse)
  findings.push(
    finding(
      'ok',
      'key',
      `slot ${inUse?.id} (${inUse?.kind}, fingerprint ${inUse?.fingerprint}) opens the store`,
    ),
  )
  for (const { id } of slots.filter(({ isGenuine }) => !isGenuine)) {
    findings.push(
      finding(
        'FAIL',
        'slots',
        `slot ${id} was written by nobody who had the store open: mortise vault slots remove ${id}`,
      ),
    )
  }
  const genuine = slots.filter(({ isGenuine }) => isGenuine)
  const hasCode = genuine.some(({ kind }) => kind === 'recovery')
  findings.push(
    hasCode
      ? finding('ok', 'slots', `${counted(genuine.length, 'slot')}, a recovery code among them`)
      : finding(
          'WARN',
          'slots',
          'no recovery code: a lost master key is lost for good. mortise vault slots add recovery',
        ),
  )
  for (const { id, isCurrent, wraps } of root_keys) {
    if (isCurrent) continue
    const what =
      wraps === 0
        ? `is not needed any more: mortise vault drop ${id}`
        : `still wraps ${counted(wraps, 'key')}: mortise vault rotate`
    findings.push(finding('WARN', 'keys', `the old root key ${id} ${what}`))
  }
  for (const { id, account, needed } of old_data_keys) {
    const what =
      needed === 0
        ? `is not needed any more: mortise vault drop ${id}`
        : `is still needed by ${counted(needed, 'value')}: mortise vault keys --account ${account}`
    findings.push(finding('WARN', 'keys', `the old data key ${id} of account ${account} ${what}`))
  }
  const isAhead = latest !== null && Date.parse(latest) > Date.now() + clockToleranceMs
  findings.push(
    isAhead
      ? finding(
          'WARN',
          'clock',
          `the latest record is of ${latest}, which is still to come: set the clock of this machine, or of the one that wrote it`,
        )
      : finding('ok', 'clock', `${new Date().toISOString()}, after everything on record`),
  )
  return findings
}

async function deepFindings(perform: Performs): Promise<Finding[]> {
  const { opened, damaged } = await verifyValues(perform)
  const trails = await verifyTrails(perform)
  const mend = 'Set it anew, or restore it from a backup'
  return [
    finding('ok', 'values', `${counted(opened, 'value')} opened`),
    ...damaged.map((value) => finding('FAIL', 'values', `${damageWords(value)}. ${mend}`)),
    ...trails.map((trail) => finding(trail.broken ? 'FAIL' : 'ok', 'audit', trailWords(trail))),
  ]
}

function finding(level: Level, check: string, says: string): Finding {
  return { level, check, says }
}

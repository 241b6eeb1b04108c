// Reads everything that an operator sets: the environment, the command line, and a folder with providers.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Catalogue, createCatalogue } from './catalogue/index.ts'
import {
  type Config,
  ConfigRefused,
  type ConfigSecrets,
  type Options,
  providersDirOf,
  readConfig,
} from './config.ts'

export type Settings = {
  readonly config: Config
  readonly secrets: ConfigSecrets
  /** The providers built in, and those that the operator declares. */
  readonly catalogue: Catalogue
}

/** Far more than thirty fields need. */
const fileBytesMax = 65_536

/** @throws ConfigRefused with every mistake in all of it */
export async function readSettings(env: NodeJS.ProcessEnv, options: Options): Promise<Settings> {
  const mistakes: string[] = []
  const read = orMistakes(() => readConfig(env, options), mistakes)
  const folder = providersDirOf(env)
  const catalogue = folder === null ? createCatalogue() : await readCatalogue(folder, mistakes)
  if (read === undefined || mistakes.length > 0) throw new ConfigRefused(mistakes)
  return { ...read, catalogue }
}

function orMistakes<Result>(read: () => Result, mistakes: string[]): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    mistakes.push(...error.mistakes)
    return undefined
  }
}

async function readCatalogue(folder: string, mistakes: string[]): Promise<Catalogue> {
  const texts = namesIn(folder, mistakes).flatMap((name) => readText(join(folder, name), mistakes) ?? [])
  // Loaded here: most servers have no such folder, and should be ready at once.
  const { readDeclarations } = await import('./catalogue/declared.ts')
  const declared = readDeclarations(texts)
  mistakes.push(...declared.mistakes)
  return createCatalogue(declared.providers)
}

/** As a shell lists `*.json`, in an order that is the same everywhere. */
function namesIn(folder: string, mistakes: string[]): string[] {
  try {
    const names = readdirSync(folder)
    return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort()
  } catch (error) {
    mistakes.push(
      `MORTISE_PROVIDERS_DIR=${folder} cannot be read (${codeOf(error)}). Name a folder with a JSON file for each provider, or unset it.`,
    )
    return []
  }
}

function readText(file: string, mistakes: string[]): { file: string; text: string } | undefined {
  try {
    const { size } = statSync(file)
    if (size > fileBytesMax) {
      mistakes.push(`${file}: This is larger than ${fileBytesMax} bytes. Declare one provider in each file.`)
      return undefined
    }
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) }
  } catch (error) {
    mistakes.push(
      `${file}: This cannot be read (${codeOf(error)}). Make it a file in UTF-8 that the user of the server may read, or move it away.`,
    )
    return undefined
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

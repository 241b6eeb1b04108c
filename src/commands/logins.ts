// The hubs that a person is logged in to, with their keys: one file that nobody else may read.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { HubError } from '../hub/errors.ts'

export type Login = { readonly name: string; readonly url: string; readonly key: string }

/** @property current the name of the one that commands talk to where they name none; null: the local store */
export type Logins = { readonly current: string | null; readonly hubs: readonly Login[] }

const none: Logins = { current: null, hubs: [] }

export function loginFile(env: NodeJS.ProcessEnv = process.env): string {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  return join(config, 'mortise', 'login.json')
}

/** @throws HubError invalid, where others may read the file, or it is not ours */
export function readLogins(file: string): Logins {
  if (!existsSync(file)) return none
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new HubError('invalid', `Others may read the keys in ${file}. Take that away: chmod 600 ${file}`)
  }
  const read = parsed(readFileSync(file, 'utf8'))
  if (!read) throw new HubError('invalid', `${file} cannot be read. Remove it, and log in again.`)
  return read
}

/** All at once: whoever reads meanwhile has the old or the new. */
export function writeLogins(file: string, logins: Logins): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const written = `${file}.${process.pid}`
  try {
    writeFileSync(written, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(written, file)
  } catch (error) {
    rmSync(written, { force: true })
    throw error
  }
}

/** @param named by its name or its address */
export function findLogin({ hubs }: Logins, named: string): Login | undefined {
  const url = URL.parse(named)
  return hubs.find(({ name, url: its }) => name === named || (url && its === addressOf(url)))
}

/** As it is kept and compared: without a slash at the end. */
export function addressOf(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function parsed(text: string): Logins | undefined {
  const value = json(text)
  if (!isObject(value) || !Array.isArray(value.hubs)) return undefined
  const hubs = value.hubs.filter(isLogin)
  const { current } = value
  return { current: typeof current === 'string' ? current : null, hubs }
}

function isLogin(value: unknown): value is Login {
  return isObject(value) && [value.name, value.url, value.key].every((member) => typeof member === 'string')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// Tells people what happened: results on standard output, refusals on standard error with their exit code.
import { MortiseError, MortiseUnreachable } from '../../sdk/src/index.ts'
import { ConfigRefused } from '../config.ts'
import { HubError } from '../hub/errors.ts'
import { StoreRefused } from '../storage/database.ts'
import { StoreHeld } from '../store.ts'
import { MasterKeyRefused } from '../vault/master-key.ts'
import { exitCodes } from './exit-codes.ts'
import { flagOf } from './option-names.ts'

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Beside the result, for whoever wonders what takes so long. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Such as `1 value` or `20 values`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** A table whose columns are as wide as what stands in them. */
export function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const [first] = rows
  if (!first) return '(none)'
  const names = Object.keys(first)
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))]
  const widths = names.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-'
  return Array.isArray(value) ? value.join(' ') : String(value)
}

/** Prints why a command could not be done and sets the exit code that says so. */
export function refuse(error: unknown): void {
  const { code, message } = describe(error)
  process.stderr.write(`mortise: ${message}\n`)
  process.exitCode = code
}

const unlistenable = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'])

function describe(error: unknown): { code: number; message: string } {
  if (error instanceof ConfigRefused) {
    return {
      code: exitCodes.configRefused,
      message: ['the configuration is wrong:', ...error.mistakes].join('\n  '),
    }
  }
  if (error instanceof MasterKeyRefused) return { code: exitCodes.masterKeyRefused, message: error.message }
  if (error instanceof StoreHeld) return { code: exitCodes.storeHeld, message: error.message }
  if (error instanceof StoreRefused) return { code: exitCodes.storeRefused, message: error.message }
  if (error instanceof HubError) {
    const code = error.code === 'unauthenticated' ? exitCodes.keyRefused : exitCodes.refused
    return { code, message: hubMessage(error) }
  }
  if (error instanceof MortiseError) return { code: codeOfAnswer(error), message: answerMessage(error) }
  if (error instanceof MortiseUnreachable) {
    const message = `${error.message} See whether it runs, and where commands work: mortise whoami`
    return { code: exitCodes.hubUnreachable, message }
  }
  if (error instanceof Error && 'code' in error) {
    if (unlistenable.has(String(error.code))) {
      return {
        code: exitCodes.addressInUse,
        message: `cannot listen: ${error.message}. Choose another port with --port, or another MORTISE_HOST.`,
      }
    }
  }
  return {
    code: exitCodes.failed,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}

function hubMessage({ message, details: { fields } }: HubError): string {
  if (!fields) return message
  return [...fields].map(([field, messages]) => `${field}: ${messages.join(' ')}`).join('\n  ')
}

function codeOfAnswer({ status }: MortiseError): number {
  if (status === 401 || status === 403) return exitCodes.keyRefused
  return status === 429 || status >= 500 ? exitCodes.hubUnreachable : exitCodes.refused
}

/** Each member that is not acceptable on a line, and where more is said. */
function answerMessage({ status, message, fields, docUrl, requestId }: MortiseError): string {
  const told = fieldLines(fields)
  const words = told.length > 0 ? told : [message.replace('?force=true', '--force')]
  const known =
    status >= 500 && requestId !== undefined ? [`The hub's log tells more under ${requestId}.`] : []
  const more = docUrl === undefined || docUrl.startsWith('http://localhost/') ? [] : [`See ${docUrl}`]
  return [...words, ...known, ...more].join('\n  ')
}

/** Members by the options that a person gives them with. */
function fieldLines(fields: Readonly<Record<string, unknown>>, within?: string): string[] {
  return Object.entries(fields).flatMap(([name, said]) => {
    if (Array.isArray(said)) return [`${optionFor(name, within)}${said.join(' ')}`]
    return typeof said === 'object' && said !== null
      ? fieldLines(said as Readonly<Record<string, unknown>>, name)
      : []
  })
}

function optionFor(name: string, within: string | undefined): string {
  if (within === 'fields') return `--field ${name}: `
  if (within !== undefined) return `${within}.${name}: `
  return name === 'non_field_errors' ? '' : `${flagOf(name)}: `
}

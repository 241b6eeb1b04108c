// A value of an option: as it stands, from a file (`@file`), or from standard input (`-`).
import { readFileSync } from 'node:fs'
import { invalidField } from '../hub/errors.ts'
import { readInput } from './input.ts'

/** For help. */
export const textRule = 'A value may be @file for what is in a file, or - for standard input.'

/** @param name of the option, for messages: what was given may be a secret */
export async function readGiven(name: string, given: string): Promise<string> {
  if (given === '-') return (await readInput(name)).replace(/\r?\n$/, '')
  if (given.startsWith('@@')) return given.slice(1)
  if (!given.startsWith('@')) return given
  return readGivenFile(name, given)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** @param given with or without its `@` */
export function readGivenFile(name: string, given: string): Buffer {
  try {
    return readFileSync(given.replace(/^@/, ''))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw invalidField(name, `That file cannot be read${why}.`)
  }
}

export function parseGiven(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidField(name, 'Give JSON, such as \'{"colour": "red"}\', or @file.')
  }
}

/** Whether the value itself stands on the command line. */
export function isPlain(given: string): boolean {
  return !/^(-|@[^@].*)$/.test(given)
}

/** @param better ways to give it */
export function plainSecret(name: string, ...better: readonly string[]): string {
  return `${name} is a secret, and the command line is seen by others on this machine and kept by your shell. Next time: ${better.join(', or ')}.`
}

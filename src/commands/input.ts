// Reads what must not stand on a command line from standard input, and says so to a person at a terminal.
import { text } from 'node:stream/consumers'

/** @param what in words, such as `the key` */
export async function readInput(what: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Type or paste ${what}, then press Enter and Ctrl-D:\n`)
  return text(process.stdin)
}

// Reads what must not stand on a command line from standard input, and says so to a person at a terminal.
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/** @param what in words, such as `the key` */
export async function readInput(what: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Type or paste ${what}, then press Enter and Ctrl-D:\n`)
  return text(process.stdin)
}

/** One line, for a yes or a no; blank where there is nothing to read. */
export async function readLine(question: string): Promise<string> {
  process.stderr.write(question)
  const lines = createInterface({ input: process.stdin })
  try {
    for await (const line of lines) return line.trim()
    return ''
  } finally {
    lines.close()
  }
}

// Reads what must not stand on a command line from standard input, and says so to a person at a terminal.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
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

/** Whether somebody can be asked. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** One line of a person at a terminal, which is not shown as it is typed. */
export function readHidden(question: string): Promise<string> {
  return ask(question, new Writable({ write: (_chunk, _encoding, done) => done() })).finally(() =>
    process.stderr.write('\n'),
  )
}

/** One line of a person at a terminal, with what an empty one stands for. */
export function readShown(question: string): Promise<string> {
  return ask(question, process.stderr)
}

function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  if (output !== process.stderr) process.stderr.write(question)
  return new Promise((resolve) => {
    lines.question(output === process.stderr ? question : '', (answer) => {
      resolve(answer.trim())
      lines.close()
    })
    lines.once('SIGINT', () => {
      lines.close()
      process.kill(process.pid, 'SIGINT')
    })
    // Ctrl-D says nothing.
    lines.once('close', () => resolve(''))
  })
}

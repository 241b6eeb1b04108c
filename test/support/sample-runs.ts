// Runs a printed sample with the tool it was written for, without changing a character of it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SampleLanguage } from './seed-blocks.ts'

const execute = promisify(execFile)

export type SampleAnswer = { readonly status: number; readonly text: string }

/** What each tool is told besides the sample: to print the body, a new line and the status. */
const programs: Record<SampleLanguage, (sample: string) => readonly [tool: string, ...args: string[]]> = {
  shell: (sample) => ['bash', '-c', `curl() { command curl -q -sS -w '\\n%{http_code}' "$@"; }\n${sample}`],
  javascript: (sample) => [
    process.execPath,
    '--input-type=module',
    '--eval',
    `const response = await ${sample}\nprocess.stdout.write(await response.text() + '\\n' + response.status)`,
  ],
  python: (sample) => [
    'python3',
    '-c',
    `${sample}\nimport sys\nsys.stdout.buffer.write(response.content + b'\\n%d' % response.status_code)`,
  ],
}

/** Rejects with what the tool wrote to stderr when it fails, or when it takes over 20 s. */
export async function runSample(language: SampleLanguage, sample: string): Promise<SampleAnswer> {
  const [tool, ...args] = programs[language](sample)
  const { stdout } = await execute(tool, args, { env: toolEnvironment(), timeout: 20_000 })
  const end = stdout.lastIndexOf('\n')
  const status = Number(stdout.slice(end + 1))
  assert.ok(Number.isInteger(status) && status >= 200, `no status in what ${tool} printed: ${stdout}`)
  return { status, text: stdout.slice(0, end) }
}

/** Why this machine cannot run samples of the language; undefined when it can. Only Python may be absent. */
export async function whatLacks(language: SampleLanguage): Promise<string | undefined> {
  if (language !== 'python') return undefined
  try {
    await execute('python3', ['-c', 'import requests'], { env: toolEnvironment() })
    return undefined
  } catch (error) {
    const reason = String(error).trim().split('\n').at(-1)
    return `NOT RUN: the Python samples need python3 with requests (${reason})`
  }
}

/** The machine's own environment, but nothing goes through its proxy and Python reads UTF-8 everywhere. */
function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NO_PROXY: '*', no_proxy: '*', PYTHONUTF8: '1' }
}

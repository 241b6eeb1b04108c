// A person at a terminal: commands in a pseudo-terminal of `script`, answered when they ask.
import { spawn, spawnSync } from 'node:child_process'
import { main } from './process.ts'

export type Said = {
  readonly code: number | null /** Everything that the terminal showed. */
  readonly shown: string
}

/** Why nobody can sit at a terminal here; `false` where somebody can, and in CI, where somebody must. */
export const noTerminal =
  process.env.CI || spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'pipe' }).status === 0
    ? false
    : 'there is no script of util-linux on this machine'

/**
 * @param answers what is typed once the question before it is on the screen; each question is waited for in turn
 */
export function atTerminal(
  args: readonly string[],
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string },
  answers: ReadonlyArray<readonly [question: RegExp, answer: string]> = [],
): Promise<Said> {
  const line = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
    cwd,
    stdio: 'pipe',
  })
  let shown = ''
  let seen = 0
  const left = [...answers]
  const show = (part: Buffer) => {
    shown += part
    const [next] = left
    const found = next?.[0].exec(shown.slice(seen))
    if (!next || !found) return
    left.shift()
    seen = shown.length
    child.stdin.write(next[1])
  }
  child.stdout.on('data', show)
  child.stderr.on('data', show)
  // What waits for a question that never comes must not wait for ever.
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, shown })
    })
  })
}

// What shells complete: every command and its options, as bash and zsh themselves read what is printed.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { newHome } from '../support/command-line.ts'
import { run } from '../support/process.ts'

const execute = promisify(execFile)

/** What was typed, its last word begun, and what is offered for that. */
const typed: ReadonlyArray<readonly [words: readonly string[], offered: readonly string[]]> = [
  [['conn'], ['connections']],
  [['connections', 've'], ['verify']],
  [['--json', 'connections', 'cre'], ['create']],
  [['connections', 'create', 'st'], ['stripe']],
  [['connections', 'list', '--provider', 'mail'], ['mailchimp']],
  [
    ['vault', 'slots', ''],
    ['list', 'add', 'test', 'remove', '--data', '--json', '--help'],
  ],
  [['keys', 'roll', '--g'], ['--grace']],
  [['import', 'production.env', '--ap'], ['--apply']],
  [['move', '--t'], ['--to']],
  [['nonsense', 'conn'], ['connections']],
]

async function printed(shell: string): Promise<{ file: string; remove(): void }> {
  const home = newHome()
  const { stdout } = await run(['completion', shell], { env: home.env })
  const file = join(home.root, 'completion')
  writeFileSync(file, stdout)
  return { file, remove: home.remove }
}

test('bash', async () => {
  const { file, remove } = await printed('bash')
  for (const [words, offered] of typed) {
    const script = `. ${file}; COMP_WORDS=(mortise "$@"); COMP_CWORD=$#; _mortise; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = await execute('bash', ['-c', script, 'bash', ...words])
    assert.deepEqual(stdout.trimEnd().split('\n'), offered, words.join(' '))
  }
  remove()
})

const hasZsh = spawnSync('zsh', ['--version']).status === 0

test('zsh', { skip: hasZsh ? false : 'zsh is not installed' }, async () => {
  const { file, remove } = await printed('zsh')
  for (const [given, offered] of typed) {
    // The shell itself keeps what fits the word that is begun.
    const script = `compdef() { : }; compadd() { shift; print -rl -- "$@" }; . ${file}; words=(mortise "$@"); CURRENT=$#words; _mortise`
    const { stdout } = await execute('zsh', ['-fc', script, 'zsh', ...given])
    const begun = given.at(-1) ?? ''
    const fitting = stdout
      .trimEnd()
      .split('\n')
      .filter((word) => word.startsWith(begun))
    assert.deepEqual(fitting, offered, given.join(' '))
  }
  remove()
})

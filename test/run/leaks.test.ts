// What a process leaves to be read by others: its command line, and what it says when it crashes.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { newHome, runJson, until } from '../support/command-line.ts'
import { main, start } from '../support/process.ts'

test('a recovery code that was given on the command line is not on it for long', {
  skip: process.platform !== 'linux' && 'other systems show it elsewhere',
}, async () => {
  const home = newHome()
  const served = await start('serve', ['--data', home.data], home.env)
  const { stdout } = served.output()
  const [, code = ''] = /^Recovery code: (\S+)$/m.exec(stdout) ?? []
  const [, keyFile = ''] = /^Master key: the key file (.+)$/m.exec(stdout) ?? []
  await served.stop()
  rmSync(keyFile)
  const args = [main, '--data', home.data, 'vault', 'recover', '--code', code]
  const child = spawn(process.execPath, args, { env: home.env, stdio: 'pipe' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let shown = ''
  await until('it is hidden, and the command still runs', () => {
    shown = readFileSync(`/proc/${child.pid}/cmdline`, 'latin1')
    return shown.startsWith('mortise vault recover')
  })
  assert.ok(!shown.includes(code.slice(0, 9)), shown)
  assert.equal(await ended, exitCodes.ok)
  home.remove()
})

test('a crash is told by its stack alone: nothing that hangs on the error, and no request', async () => {
  const home = newHome()
  const bomb = join(home.root, 'bomb.mjs')
  writeFileSync(
    bomb,
    `const secret = 'CANARY-in-scope'
    process.on('SIGUSR2', () => {
      if (process.argv[2] !== 'serve') return
      const cause = new Error('CANARY-cause')
      Promise.reject(Object.assign(new Error('boom', { cause }), { secret, request: { headers: { authorization: secret } } }))
    })`,
  )
  const env = {
    ...home.env,
    NODE_OPTIONS: `--import ${pathToFileURL(bomb).href}`,
    MORTISE_LOG_LEVEL: 'trace',
  }
  const served = await start('serve', ['--data', home.data], env)
  const code = await served.stop('SIGUSR2')
  const { stderr, stdout } = served.output()
  assert.equal(code, exitCodes.failed)
  const line = stderr.split('\n').find((text) => text.includes('"msg":"crashed"'))
  assert.match(String(line), /"stack":"Error: boom\\n/)
  assert.ok(!`${stderr}${stdout}`.includes('CANARY'), stderr)
  home.remove()
})

test('a start counts sealed values whose key is not there, and serves all the same', async () => {
  const home = newHome()
  await (await start('serve', ['--data', home.data], home.env)).stop()
  const fields = JSON.stringify({ publishable_key: 'pk', secret_key: 'sk' })
  const args = ['--account', '1', '--integration', '1', '--provider', 'stripe', '--title', 't']
  for (const _ of [1, 2, 3]) await runJson(home, ['connections', 'create', ...args], fields)
  const log = async () => {
    const served = await start('serve', ['--data', home.data], home.env)
    // A stop waits for it.
    await served.stop()
    return served.output().stderr
  }
  assert.doesNotMatch(await log(), /sealed values name/)
  const db = new DatabaseSync(join(home.data, 'mortise.db'))
  db.exec(`update connection_secrets set sealed = 'v1.ffffffffffffffff' || substr(sealed, 20) where connection_uid in
    (select uid from connections where id < 3)`)
  db.close()
  const served = await start('serve', ['--data', home.data], home.env)
  await until('it was counted', () =>
    /"values":2,"msg":"sealed values name a key/.test(served.output().stderr),
  )
  await served.stop()
  home.remove()
})

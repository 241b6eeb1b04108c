// The folder with an operator's providers: read by the server and by every command, or refused before anything is opened.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { providers } from '../../src/catalogue/index.ts'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, runJson } from '../support/command-line.ts'
import { declaration, example, given, shown, withField } from '../support/declarations.ts'
import { run, start } from '../support/process.ts'
import { asObject } from '../support/v2.ts'

describe('MORTISE_PROVIDERS_DIR', { concurrency: true }, () => {
  function newFolder(files: Readonly<Record<string, string>>) {
    const home = newHome()
    const folder = join(home.root, 'providers')
    mkdirSync(folder)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return { home: { ...home, env: { ...home.env, MORTISE_PROVIDERS_DIR: folder } }, folder }
  }

  test('with the documented example: a server and every command know the provider', async () => {
    const { home } = newFolder({ 'acme_crm.json': example, 'notes.txt': 'no provider', '.hidden.json': '{' })
    const served = await start('serve', ['--data', home.data], home.env)
    const key = keyIn(served.output().stdout)
    const headers = { 'integration-id': '1' }
    const made = await call(served.address, 'POST', '/v2/connections/', { key, body: given, headers })
    assert.equal(made.status, 201, made.text)
    assert.partialDeepStrictEqual(made.body, shown)
    assert.equal(await served.stop(), exitCodes.ok)

    const create = ['connections', 'create', '--account', '1', '--integration', '1', '--title', 'Second']
    const [all, acme, second] = await Promise.all([
      runJson(home, ['providers']),
      runJson(home, ['providers', 'acme_crm']),
      runJson(home, [...create, '--provider', 'acme_crm'], JSON.stringify(given.fields)),
    ])
    const listed = Object.values(all).map((row) => asObject(row).name)
    assert.deepEqual(listed, [...providers.map(({ name }) => name), 'acme_crm'])
    const kinds = Object.values(acme).map((row) => asObject(row).kind)
    assert.deepEqual(kinds, ['text', 'basic | pro', 'secret', 'object'])
    assert.partialDeepStrictEqual(second, { id: 2, provider: 'acme_crm' })
    home.remove()
  })

  test('with mistakes: exit 78, all of them at once with those of other settings, and nothing is opened', async () => {
    const { home, folder } = newFolder({
      'a.json': JSON.stringify(withField({ pattern: '(' })),
      'b.json': JSON.stringify(declaration({ name: 'stripe', auth: 'magic' })),
      'c.json': '{ "secret": CANARY }',
      'd.json': ' '.repeat(70_000),
    })
    mkdirSync(join(folder, 'e.json'))
    writeFileSync(join(folder, 'f.json'), Buffer.from([0x22, 0xff, 0x22]))
    symlinkSync('nowhere', join(folder, 'g.json'))
    const env = { ...home.env, MORTISE_PORT: 'x' }
    const { code, stdout, stderr } = await run(['serve', '--data', home.data], { env })
    assert.equal(code, 78)
    assert.equal(code, exitCodes.configRefused)
    assert.equal(stdout, '')
    const told = ['a.json, fields[1].pattern', 'b.json, name', 'b.json, auth', 'c.json, line 1']
    const files = [...told, 'd.json', 'e.json', 'f.json', 'g.json'].map((place) => `${join(folder, place)}: `)
    const lines = stderr.trimEnd().split('\n').slice(1)
    for (const start of ['MORTISE_PORT=x', ...files]) {
      assert.ok(
        lines.some((line) => line.trimStart().startsWith(start)),
        `${start} in ${stderr}`,
      )
    }
    assert.equal(lines.length, files.length + 1)
    assert.ok(!stderr.includes('CANARY'), 'a file is not repeated')
    assert.ok(!existsSync(home.data), 'nothing was made')
    home.remove()
  })

  for (const args of [['demo'], ['migrate'], ['keys', 'list', '--account', '1']]) {
    test(`naming no folder: ${args[0]} is refused like serve`, async () => {
      const home = newHome()
      const folder = join(home.root, 'none')
      const { code, stderr } = await run([...args, '--data', home.data], {
        env: { ...home.env, MORTISE_PROVIDERS_DIR: folder },
      })
      assert.equal(code, exitCodes.configRefused, stderr)
      assert.ok(stderr.includes(`MORTISE_PROVIDERS_DIR=${folder}`), stderr)
      assert.ok(!existsSync(home.data), 'nothing was made')
      home.remove()
    })
  }
})

// The command line on a hub at an address: logging in, and the rule of where commands work.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { freePort, keyIn, newHome } from '../support/command-line.ts'
import { newPerson, type Person } from '../support/person.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'
import { asObject } from '../support/v2.ts'

let home: Folders
let served: Served
let key: string
let person: Person
before(async () => {
  home = newHome()
  served = await start('serve', ['--data', home.data], { ...home.env, MORTISE_VERIFY: 'off' })
  key = keyIn(served.output().stdout)
  person = await newPerson(served.address, key)
})
after(async () => {
  await served.stop()
  home.remove()
  person.remove()
})

const mortise: Person['mortise'] = (...asked) => person.mortise(...asked)
const said: Person['said'] = (...asked) => person.said(...asked)
const refused: Person['refused'] = (...asked) => person.refused(...asked)

const loginFile = () => join(person.root, 'config', 'mortise', 'login.json')

describe('logging in', () => {
  test('keeps the key for its owner alone, and shows it nowhere', async () => {
    assert.equal(statSync(loginFile()).mode & 0o777, 0o600)
    assert.ok(readFileSync(loginFile(), 'utf8').includes(key))
    const { stdout } = await mortise(['whoami'])
    assert.match(stdout, new RegExp(`${served.address}.*first key.*may: integrations:read`))
    const all = await mortise(['whoami', '--all'])
    for (const text of [stdout, all.stdout]) assert.ok(!text.includes(key))
  })

  test('says whose key it is and what it may, also of one that may not look at keys', async () => {
    const limited = await said(['keys', 'create', '--name', 'limited', '--scopes', 'connections:read'])
    const env = { MORTISE_URL: served.address, MORTISE_API_KEY: String(limited.api_key ?? limited.key) }
    const { stdout } = await mortise(['whoami'], undefined, env)
    assert.match(stdout, /The key is “limited”; it may: connections:read\./)
  })

  test('keeps no key that the hub does not accept, and none where nobody answers', async () => {
    const before = readFileSync(loginFile(), 'utf8')
    const wrong = ['login', '--url', served.address, '--name', 'wrong']
    await refused(wrong, exitCodes.keyRefused, /does not accept this key/, 'a-wrong-key\n')
    await refused(wrong, exitCodes.refused, /No key was given/, '\n')
    const nobody = `http://127.0.0.1:${await freePort()}`
    await refused(['login', '--url', nobody], exitCodes.hubUnreachable, /does not answer/, key)
    assert.equal(readFileSync(loginFile(), 'utf8'), before)
  })

  test('takes no key as an argument, and sends none over http to another machine', async () => {
    await refused(['login', '--url', served.address, '--key', 'x'], exitCodes.usage, /unknown option/)
    await refused(['login', '--url', 'http://hub.example.com'], exitCodes.refused, /Use https/, key)
    await refused(
      ['login', '--url', 'https://user@hub.example.com'],
      exitCodes.refused,
      /Give an address/,
      key,
    )
  })

  test('a file that others may read is not used', async () => {
    chmodSync(loginFile(), 0o644)
    await refused(['integrations', 'list'], exitCodes.refused, /chmod 600/)
    chmodSync(loginFile(), 0o600)
  })

  test('several hubs go by their names; a forgotten one is gone from the file', async (t) => {
    const other = newHome()
    const second = await start('serve', ['--data', other.data], { ...other.env, MORTISE_VERIFY: 'off' })
    t.after(async () => {
      await second.stop()
      other.remove()
    })
    const itsKey = keyIn(second.output().stdout)
    await said(['login', '--url', second.address, '--name', 'second'], itsKey)
    assert.partialDeepStrictEqual(await said(['whoami']), { name: 'second', url: second.address })
    assert.partialDeepStrictEqual(await said(['login', '--use', served.address]), { url: served.address })
    assert.partialDeepStrictEqual(await said(['whoami', '--hub', 'second']), { url: second.address })
    await said(['logout', 'second'])
    assert.ok(!readFileSync(loginFile(), 'utf8').includes(itsKey))
    assert.partialDeepStrictEqual(await said(['whoami']), { url: served.address })
    await refused(['whoami', '--hub', 'second'], exitCodes.refused, /no login called second/)
  })
})

describe('where commands work', () => {
  test('--local, --data and --account mean the store of this machine, and do not go with --hub', async () => {
    for (const args of [['--local'], ['--data', person.data], ['--account', '1']])
      await refused(['integrations', 'list', ...args], exitCodes.storeRefused, /no store/i)
    const both = ['integrations', 'list', '--hub', served.address, '--local']
    await refused(both, exitCodes.refused, /does not go with/)
    await refused(
      ['--hub', served.address, 'vault', 'keys'],
      exitCodes.refused,
      /store of this machine alone/,
    )
    assert.ok(!existsSync(person.data))
  })

  test('the environment names a hub and its key, for scripts', async () => {
    const nobody = newHome()
    const env = { ...nobody.env, MORTISE_URL: `${served.address}/`, MORTISE_API_KEY: key }
    const { code, stdout } = await run(['integrations', 'list', '--json'], { env })
    assert.equal(code, exitCodes.ok)
    assert.ok(Array.isArray(asObject(JSON.parse(stdout)).integrations))
    const without = await run(['integrations', 'list'], { env: { ...env, MORTISE_API_KEY: '' } })
    assert.equal(without.code, exitCodes.keyRefused)
    assert.match(without.stderr, new RegExp(`mortise login --url ${served.address}`))
    nobody.remove()
  })

  test('who is not logged in and has no store is told both ways', async () => {
    const nobody = newHome()
    const { code, stderr } = await run(['integrations', 'list'], { env: nobody.env, cwd: nobody.root })
    assert.equal(code, exitCodes.storeRefused)
    assert.match(stderr, /no store.*mortise login --url/is)
    nobody.remove()
  })

  test('a hub that does not answer is 68', async () => {
    const env = { MORTISE_URL: `http://127.0.0.1:${await freePort()}`, MORTISE_API_KEY: key }
    await refused(['providers'], exitCodes.hubUnreachable, /does not answer/, undefined, env)
  })
})

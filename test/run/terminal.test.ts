// What a person at a terminal sees: questions, secrets that are not shown as they are typed, and bars on long work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../src/sandbox/server.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'
import { atTerminal, noTerminal } from '../support/terminal.ts'

let home: Folders
let person: Folders
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let served: Served
let key: string
before(async () => {
  home = newHome()
  person = newHome()
  sandbox = await startSandbox({ port: 0 })
  const env = { ...home.env, MORTISE_SANDBOX_URL: sandbox.address }
  served = await start('serve', ['--data', home.data], env)
  key = keyIn(served.output().stdout)
})
after(async () => {
  await served.stop()
  await sandbox.close()
  home.remove()
  person.remove()
})

const secret = 'sk_test_CANARY0000valid'

test('from the first steps in the help to a verified connection, by what is asked alone', {
  skip: noTerminal,
}, async () => {
  const where = { env: person.env, cwd: person.root }
  const help = await atTerminal(['--help'], where)
  const steps = [...help.shown.matchAll(/^ {2}\$ mortise (.+?)(?: {2}.*)?\r?$/gm)].map(([, step = '']) =>
    step.split(' '),
  )
  assert.deepEqual(
    steps.map(([first, second]) => [first, second]),
    [
      ['login', '--url'],
      ['providers', undefined],
      ['connections', 'create'],
      ['connections', 'verify'],
    ],
  )
  const [login = [], providers = [], create = [], verify = []] = steps
  const here = login.map((word) => word.replace('http://127.0.0.1:3500', served.address))
  const loggedIn = await atTerminal(here, where, [[/API key: /, `${key}\r`]])
  assert.equal(loggedIn.code, 0, loggedIn.shown)
  assert.match(loggedIn.shown, /Logged in to/)
  assert.match((await atTerminal(providers, where)).shown, /^stripe +Stripe/m)
  const made = await atTerminal(create, where, [
    [/publishable_key: /, 'pk_test_x\r'],
    [/secret_key: /, `${secret}\r`],
  ])
  assert.equal(made.code, 0, made.shown)
  const verified = await atTerminal(verify, where)
  assert.equal(verified.code, 0, verified.shown)
  assert.match(verified.shown, /Connection 1: healthy\r\n {2}It belongs to Sandbox shop/)
  for (const { shown } of [loggedIn, made]) assert.ok(!shown.includes(secret) && !shown.includes(key))
  assert.match(made.shown, /pk_test_x/, 'what is no secret is shown as it is typed')
})

test('long work shows how far it is to people, and to nobody else', { skip: noTerminal }, async () => {
  const where = { env: home.env, cwd: home.root }
  const counting = ['audit', 'verify', '--data', home.data]
  const knowing = ['--data', home.data, 'vault', 'rotate']
  const counted = await atTerminal(counting, where)
  assert.equal(counted.code, 0, counted.shown)
  assert.match(counted.shown, /\r\d+ records\r?\n/)
  const known = await atTerminal(knowing, where)
  assert.equal(known.code, 0, known.shown)
  assert.match(known.shown, /\r\[#{30}\] (\d+) of \1 keys\r?\n/)
  for (const line of [counting, knowing]) {
    const piped = await run(line, where)
    assert.equal(piped.code, 0, piped.stderr)
    assert.ok(!/\r|\[#/.test(piped.stdout + piped.stderr), piped.stderr)
    const asJson = await atTerminal([...line, '--json'], where)
    assert.ok(!/\[#|\d records/.test(asJson.shown), asJson.shown)
  }
})

test('Ctrl-D at a question ends a login, and nothing is kept', { skip: noTerminal }, async () => {
  const nobody = newHome()
  const where = { env: nobody.env, cwd: nobody.root }
  const { code, shown } = await atTerminal(['login', '--url', served.address], where, [
    [/API key: /, '\u0004'],
  ])
  assert.equal(code, 65, shown)
  assert.match(shown, /No key was given, and nothing was kept/)
  nobody.remove()
})

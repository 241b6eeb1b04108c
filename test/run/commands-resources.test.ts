// Every kind of resource from the command line on a hub at an address.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { healthy, pinestreet } from '../support/command-samples.ts'
import { newPerson, type Person } from '../support/person.ts'
import { type Folders, type Served, start } from '../support/process.ts'
import { asObject } from '../support/v2.ts'

let home: Folders
let served: Served
let key: string
let sandbox: Sandbox
/** Of a server, or of a command on its store: nobody real is called. */
let env: NodeJS.ProcessEnv
let person: Person
before(async () => {
  home = newHome()
  sandbox = await startSandbox({ port: 0 })
  env = { ...home.env, MORTISE_VERIFY: 'off', MORTISE_SANDBOX_URL: sandbox.address }
  served = await start('serve', ['--data', home.data], env)
  key = keyIn(served.output().stdout)
  person = await newPerson(served.address, key)
})
after(async () => {
  await served.stop()
  await sandbox.close()
  home.remove()
  person.remove()
})

const mortise: Person['mortise'] = (...asked) => person.mortise(...asked)
const said: Person['said'] = (...asked) => person.said(...asked)
const refused: Person['refused'] = (...asked) => person.refused(...asked)

describe('on a hub', () => {
  test('an integration is made, shown, changed, cleared, listed and deleted', async () => {
    const metadata = join(person.root, 'metadata.json')
    writeFileSync(metadata, '{"colour":"red"}')
    const id = 'pine'
    const create = ['integrations', 'create', '--id', id, ...pinestreet, '--metadata', `@${metadata}`]
    assert.partialDeepStrictEqual(await said(create), { id, type: 3, metadata: { colour: 'red' } })
    const change = ['integrations', 'change', id, '--address-line-2', 'Floor 2', '--city', '@@home']
    assert.partialDeepStrictEqual(await said(change), { address_line_2: 'Floor 2', city: '@home' })
    const cleared = await said(['integrations', 'change', id, '--clear', 'address-line-2'])
    assert.equal(cleared.address_line_2, null)
    const { stdout } = await mortise(['integrations', 'list'])
    assert.match(stdout, /^pine +Pinestreet Tech +3 +albin@pinestreet\.tech +@home$/m)
    const { integrations } = await said(['integrations', 'list', '--type', '3', '--limit', '1'])
    assert.deepEqual(
      (integrations as object[]).map((one) => asObject(one).id),
      [id],
    )
    assert.deepEqual(await said(['integrations', 'delete', id]), { id, deleted: true })
    await refused(['integrations', 'show', id], exitCodes.refused, /Not found/)
  })

  test('mistakes are told by the option that mends each, with the page that explains them', async () => {
    const create = ['freelancers', 'create', '--name', 'Ada', '--email', 'nobody']
    await refused(
      create,
      exitCodes.refused,
      /--email: Enter a valid email.*--address-line-1: .*See http.*\/docs\/errors\/invalid/s,
    )
    const fields = ['connections', 'create', 'stripe', '--field', 'colour=red']
    await refused(fields, exitCodes.refused, /--field colour: /)
  })

  test('a connection is made from files and standard input, verified, revealed, and found wherever it hangs', async () => {
    const secret = join(person.root, 'key.txt')
    writeFileSync(secret, 'sk_test_CANARY0000000000000\n')
    const create = ['connections', 'create', 'stripe', '--field', `secret_key=@${secret}`]
    const made = await said([...create, '--field', 'publishable_key=pk_test_1'])
    assert.partialDeepStrictEqual(made, { provider: 'stripe', title: 'Stripe', integration: '1' })
    const id = String(made.id)
    const revealed = await mortise(['connections', 'reveal', id])
    assert.match(revealed.stdout, /^secret_key +sk_test_CANARY0000000000000$/m)
    await said(['connections', 'change', id, '--field', 'secret_key=-'], 'sk_test_CANARY1111111111111\n')
    const changed = await said(['connections', 'reveal', id])
    assert.equal(asObject(changed.secrets).secret_key, 'sk_test_CANARY1111111111111')
    const whole = await said(
      ['connections', 'change', id, '--fields', '-'],
      '{"publishable_key": "pk_test_2"}',
    )
    assert.equal(asObject(whole.fields).publishable_key, 'pk_test_2')
    const cleared = await said(['connections', 'change', id, '--field', 'publishable_key='])
    assert.equal(asObject(cleared.fields).publishable_key, null)
    const verified = await mortise(['connections', 'verify', id])
    assert.equal(verified.code, exitCodes.ok, verified.stderr)
    assert.match(
      verified.stdout,
      /^Connection \d+: rejected\n.*mortise connections change \d+ --field <name>\n$/s,
    )

    await said(['integrations', 'create', '--id', 'elsewhere', ...pinestreet])
    const there = ['connections', 'create', 'disqus', '--title', 'Talk', '--integration', 'elsewhere']
    const talk = await said([...there, '--fields', '-'], '{"forum_shortname": "talk"}')
    const { connections } = await said(['connections', 'list'])
    const listed = (connections as object[]).map((one) => asObject(one).integration)
    assert.deepEqual(new Set(listed), new Set(['1', 'elsewhere']))
    await refused(
      ['connections', 'show', String(talk.id)],
      exitCodes.refused,
      /name another one with --integration/,
    )
    const shown = await said(['connections', 'show', String(talk.id), '--integration', 'elsewhere'])
    assert.equal(shown.title, 'Talk')
    await refused(['connections', 'delete', id], exitCodes.refused, /within the last 24 hours.*--force\./)
    assert.deepEqual(await said(['connections', 'delete', id, '--force']), { id: made.id, deleted: true })
  })

  test('a secret that stands on the command line is taken with a warning; other fields are without one', async () => {
    const create = ['connections', 'create', 'stripe', '--field', 'publishable_key=pk_test_1']
    const quiet = await mortise(create)
    assert.deepEqual([quiet.code, quiet.stderr], [exitCodes.ok, ''])
    const warned = await mortise([...create, '--field', 'secret_key=sk_test_CANARY2222222222222'])
    assert.equal(warned.code, exitCodes.ok)
    assert.match(warned.stderr, /secret_key is a secret.*--field secret_key=-/)
    assert.ok(!`${warned.stdout}${warned.stderr}`.includes('CANARY'))
    await refused([...create, '--field', 'secret_key'], exitCodes.refused, /nobody to ask for secret_key/)
    const missing = [...create, '--field', 'secret_key=@/nowhere/sk_CANARY']
    await refused(missing, exitCodes.refused, /cannot be read \(ENOENT\)/)
  })

  test('a key that is bound to an integration needs none named', async () => {
    const made = await said(['keys', 'create', '--name', 'bound', '--integration', 'elsewhere'])
    const env = { MORTISE_URL: served.address, MORTISE_API_KEY: String(made.api_key) }
    const { code, stdout, stderr } = await mortise(['connections', 'list', '--json'], undefined, env)
    assert.equal(code, exitCodes.ok, stderr)
    const { connections } = asObject(JSON.parse(stdout))
    assert.deepEqual(
      (connections as object[]).map((one) => asObject(one).title),
      ['Talk'],
    )
    const create = ['connections', 'create', 'disqus', '--field', 'forum_shortname=x', '--json']
    const hung = await mortise(create, undefined, env)
    assert.equal(asObject(JSON.parse(hung.stdout)).integration, 'elsewhere', hung.stderr)
  })

  test('keys are made, listed, rolled, changed and revoked; what a key may not do is 67', async () => {
    const scopes = ['--scopes', 'integrations:read,keys:write', 'audit:read']
    const made = await said(['keys', 'create', '--name', 'reader', ...scopes])
    assert.deepEqual(made.scopes, ['integrations:read', 'audit:read', 'keys:write'])
    const id = String(made.id)
    assert.equal((await said(['keys', 'change', id, '--name', 'other'])).name, 'other')
    const env = { MORTISE_URL: served.address, MORTISE_API_KEY: String(made.api_key) }
    await refused(['freelancers', 'list'], exitCodes.keyRefused, /permission/, undefined, env)
    const rolled = await said(['keys', 'roll', id, '--grace', '0'])
    assert.match(String(rolled.api_key), /^mrt_/)
    await refused(['integrations', 'list'], exitCodes.keyRefused, /Invalid token/, undefined, env)
    const { stdout } = await mortise(['keys', 'list'])
    assert.match(stdout, /^\S+ +first key +active +all /m)
    assert.deepEqual(await said(['keys', 'revoke', String(rolled.id)]), { id: rolled.id, revoked: true })
    await refused(['accounts', 'list'], exitCodes.keyRefused, /permission/)
  })

  test('a provider is called through a connection, and its answer written as it is', async () => {
    const create = ['connections', 'create', 'stripe', '--fields', '-', '--verify']
    const made = await said(create, JSON.stringify({ secret_key: healthy }))
    const id = String(made.id)
    const verified = await mortise(['connections', 'verify', id])
    assert.match(verified.stdout, /^Connection \d+: healthy\n {2}It belongs to /)
    const balance = await mortise(['connections', 'call', id, '/v1/balance'])
    assert.deepEqual([balance.code, asObject(JSON.parse(balance.stdout)).object], [exitCodes.ok, 'balance'])
    const nothing = await mortise(['connections', 'call', id, '/v1/nothing', '--method', 'DELETE'])
    assert.equal(nothing.code, exitCodes.refused)
    assert.match(nothing.stderr, /^The provider answers 404\.\n$/)
    assert.notEqual(nothing.stdout, '')
    await refused(
      ['connections', 'call', '999', '/v1/balance'],
      exitCodes.refused,
      /Not found.*--integration/,
    )
    const explained = await said(['connections', 'explain', id, '--method', 'GET', '--path', '/v1/balance'])
    assert.equal(explained.method, 'GET')
  })

  test('a webhook is made, tried, looked at and deleted; its secret is given once', async () => {
    const made = await said([
      'webhooks',
      'create',
      '--url',
      'https://198.51.100.7/hooks',
      '--events',
      'connection.*',
    ]).catch((error: Error) => error)
    // No address is called here: one that is not public is refused, and says so.
    assert.ok(made instanceof Error)
    assert.match(made.message, /--url: /)
    const secret = [
      'webhooks',
      'create',
      '--url',
      'https://hooks.example.com/',
      '--secret-key',
      'whsec_CANARY',
    ]
    const warned = await mortise(secret)
    assert.equal(warned.code, exitCodes.refused)
    assert.match(warned.stderr, /secret-key is a secret.*--secret-key: /s)
    assert.ok(!warned.stderr.includes('CANARY'))
    const kept = await said([
      'webhooks',
      'create',
      '--url',
      'https://hooks.example.com/',
      '--disabled-at',
      '2026-01-01T00:00:00Z',
    ])
    const id = String(kept.id)
    assert.match(String(kept.secret_key), /^whsec_/)
    assert.deepEqual(await said(['deliveries', 'list', id]), { deliveries: [] })
    const { events } = await said(['events', 'list', '--type', 'connection.*', '--limit', '1'])
    assert.match(String(asObject((events as object[])[0]).type), /^connection\./)
    await said(['webhooks', 'delete', id])
  })

  test('the audit trail is read in pages and exported as lines; providers are listed with their fields', async () => {
    const { audit } = await said(['audit', 'list', '--action', 'connection.*', '--limit', '2'])
    assert.equal((audit as object[]).length, 2)
    const { stdout } = await mortise(['audit', 'export'])
    const actions = stdout
      .trimEnd()
      .split('\n')
      .map((line) => asObject(JSON.parse(line)).action)
    assert.ok(actions.includes('connection.created'))
    const fields = await mortise(['providers', 'stripe'])
    assert.match(fields.stdout, /^secret_key +secret +Stripe Dashboard/m)
  })
})

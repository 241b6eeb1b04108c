// Starts that fail or are cut off: nothing half-made stays behind, and nothing half-dead goes on serving.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Folders, main, newFolders, run, start } from '../support/process.ts'

let folders: Folders
beforeEach(() => {
  folders = newFolders()
})
afterEach(() => folders.remove())

test('a start that fails after it has begun ends, and leaves the folder to the next one', async () => {
  mkdirSync(join(folders.data, 'control.sock'), { recursive: true })
  const failed = await run(['serve', '--port', '0', '--data', folders.data], { env: folders.env })
  assert.notEqual(failed.code, 0)
  assert.equal(failed.stdout, '')
  const next = await run(['accounts', 'list', '--data', folders.data], { env: folders.env })
  assert.equal(next.code, 0, next.stderr)
})

test('a command on a folder whose store was never finished makes neither store nor key', async () => {
  mkdirSync(folders.data, { recursive: true })
  writeFileSync(join(folders.data, 'mortise.db'), '')
  const refused = await run(['accounts', 'list', '--data', folders.data], { env: folders.env })
  assert.equal(refused.code, 74)
  assert.match(refused.stderr, /no store/)
  assert.ok(!readdirSync(folders.root).includes('config'))
})

test('a first start that is killed at any moment is taken up by the next one, with a key that works', async () => {
  const moments =
    process.env.TEST_SCALE === 'full' ? Array.from({ length: 30 }, (_, at) => 100 + at * 40) : [500, 800]
  for (const waitedMs of moments) {
    const attempt = newFolders()
    const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data', attempt.data], {
      env: attempt.env,
    })
    await new Promise((resolve) => setTimeout(resolve, waitedMs))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
    const served = await start('serve', ['--data', attempt.data], attempt.env)
    const accounts = await run(['accounts', 'list', '--json', '--data', attempt.data], { env: attempt.env })
    const keys = await run(['keys', 'list', '--account', '1', '--json', '--data', attempt.data], {
      env: attempt.env,
    })
    assert.equal(JSON.parse(accounts.stdout).accounts.length, 1)
    assert.equal(JSON.parse(keys.stdout).keys.length, 1, 'an account never comes without its key')
    assert.equal(await served.stop(), 0)
    attempt.remove()
  }
})

test('a malformed request on the control socket does not end the server', async () => {
  const served = await start('serve', ['--data', folders.data], folders.env)
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    request({ socketPath: join(folders.data, 'control.sock'), path: '/%', method: 'POST', agent: false })
      .once('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      .once('error', reject)
      .end('{}')
  })
  assert.equal(answered, 200)
  assert.equal((await fetch(`${served.address}/healthz`)).status, 200)
  assert.equal(await served.stop(), 0)
})

test('a key file that lies in the data folder by way of a link is refused', async () => {
  mkdirSync(folders.data, { recursive: true })
  symlinkSync(folders.data, join(folders.root, 'link'))
  const env = { ...folders.env, MORTISE_MASTER_KEY_FILE: join(folders.root, 'link', 'k') }
  const refused = await run(['serve', '--port', '0', '--data', folders.data], { env })
  assert.equal(refused.code, 78)
  assert.match(refused.stderr, /lies in the data folder/)
})

test('the demo does not pass itself off as what is in a folder of one’s own', async () => {
  const served = await start('serve', ['--data', folders.data], folders.env)
  await served.stop()
  const refused = await run(['demo', '--port', '0', '--data', folders.data], { env: folders.env })
  assert.equal(refused.code, 74)
  assert.match(refused.stderr, /store of your own/)
})

test('dates that do not exist are refused', async () => {
  const served = await start('serve', ['--data', folders.data], folders.env)
  const args = ['keys', 'create', '--account', '1', '--name', 'n', '--data', folders.data, '--expires']
  for (const date of ['2027-02-31T00:00:00Z', '2027-02-28T24:00:00Z', '2027-13-01T00:00:00Z', 'tomorrow']) {
    const refused = await run([...args, date], { env: folders.env })
    assert.equal(refused.code, 65, date)
    assert.match(refused.stderr, /Give a time in UTC/)
  }
  await served.stop()
})

// The log: every line arrives, whole and in its place, however the process ends.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newHome, until } from '../support/command-line.ts'
import { start } from '../support/process.ts'

const log = fileURLToPath(new URL('../../src/commands/log.ts', import.meta.url))

describe('the log', () => {
  test('has a line for each of many requests, and a single one does not wait for others', async () => {
    const home = newHome()
    const served = await start('serve', ['--data', home.data], home.env)
    const logged = () =>
      served
        .output()
        .stderr.split('\n')
        .filter((line) => line !== '')
        .map((line) => String(JSON.parse(line).url))
    const urls = Array.from({ length: 600 }, (_, at) => `/healthz?${at}`)
    for (const url of urls) await fetch(`${served.address}${url}`)
    await until('the last line is there', async () => logged().includes('/healthz?599'))
    await fetch(`${served.address}/healthz?the-end`)
    assert.equal(await served.stop(), 0)
    assert.deepEqual(logged(), [...urls, '/healthz?the-end'])
    home.remove()
  })

  for (const [ending, status] of [
    ['process.exit(3)', 3],
    ['throw new Error()', 1],
  ] as const) {
    test(`is written where the process ends at once: ${ending}`, () => {
      const script = `import(${JSON.stringify(log)}).then(({ openLog }) => {
        const log = openLog('info')
        for (let at = 0; at < 100; at++) log.info({ at }, 'said')
        process.nextTick(() => { ${ending} })
      })`
      const ended = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' })
      assert.equal(ended.status, status)
      const said = ended.stderr.split('\n').filter((line) => line.includes('"said"'))
      assert.deepEqual(
        said.map((line) => JSON.parse(line).at),
        Array.from({ length: 100 }, (_, at) => at),
      )
    })
  }
})

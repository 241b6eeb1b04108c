// Metrics of a server as it runs: on a port of their own, which has nothing else, and counted from the start on.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, listens, newHome, until } from '../support/command-line.ts'
import { run, start } from '../support/process.ts'
import { integrationsPath } from '../support/v2.ts'
import { samplesIn, total } from '../support/watching.ts'

describe('metrics', { concurrency: 2 }, () => {
  test('on a port of their own need no key, and nothing else is there', async () => {
    const home = newHome()
    const port = await freePort()
    const env = { ...home.env, MORTISE_METRICS_PORT: String(port) }
    const served = await start('serve', ['--data', home.data], env)
    const at = `http://127.0.0.1:${port}`
    const key = keyIn(served.output().stdout)
    await call(served.address, 'GET', `${integrationsPath}1/`, { key })

    const asked = await fetch(`${at}/metrics?format=prometheus`)
    assert.equal(asked.status, 200)
    assert.equal(asked.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const samples = samplesIn(await asked.text())
    const requests = 'mortise_http_request_duration_seconds_count'
    assert.equal(total(samples, requests, { route: '/v2/integrations/:id/', status: '200' }), 1)
    assert.ok((total(samples, 'mortise_database_commit_transactions_sum') ?? 0) > 0, 'those of the start too')
    assert.equal(total(samples, 'mortise_vault_slots', { kind: 'recovery' }), 1)
    assert.ok((total(samples, 'mortise_disk_free_bytes') ?? 0) > 0)
    assert.ok((total(samples, 'mortise_database_size_bytes', { file: 'database' }) ?? 0) > 0)
    assert.ok((total(samples, 'process_resident_memory_bytes') ?? 0) > 0)
    assert.ok((total(samples, 'nodejs_eventloop_lag_p99_seconds') ?? 0) > 0)
    assert.equal(
      total(samples, 'mortise_worker_last_success_timestamp_seconds', { work: 'verify' }),
      undefined,
    )
    await until('something was done beside the requests', async () => {
      const text = await (await fetch(`${at}/metrics`)).text()
      const runs = 'mortise_worker_run_duration_seconds_count'
      return (total(samplesIn(text), runs, { work: 'deliver', outcome: 'done' }) ?? 0) > 0
    })

    for (const path of ['/', '/healthz', '/v2/integrations/', '/metrics/x'])
      assert.equal((await fetch(`${at}${path}`)).status, 404, path)
    assert.equal((await fetch(`${at}/metrics`, { method: 'POST' })).status, 405)
    assert.equal((await call(served.address, 'GET', '/metrics')).status, 401, 'elsewhere a key is needed')
    assert.equal(await served.stop(), exitCodes.ok)
    assert.equal(await listens(port), false, 'the port is free again')
    home.remove()
  })

  test('have no port where none is given, and one that is taken ends the start', async () => {
    const home = newHome()
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    assert.ok(address !== null && typeof address === 'object')
    const port = String(address.port)
    const env = { ...home.env, MORTISE_METRICS_PORT: port }
    const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
    assert.notEqual(code, exitCodes.ok)
    assert.match(stderr, new RegExp(port))
    await new Promise((resolve) => taken.close(resolve))
    home.remove()
  })

  test('settings are checked like all others', async () => {
    const home = newHome()
    const env = { ...home.env, MORTISE_METRICS_PORT: 'many', MORTISE_METRICS_HOST: 'not a host' }
    const { code, stderr } = await run(['serve', '--data', home.data], { env })
    assert.equal(code, exitCodes.configRefused)
    assert.match(stderr, /MORTISE_METRICS_PORT=many is no whole number/)
    assert.match(stderr, /MORTISE_METRICS_HOST=not a host is no address or name/)
    home.remove()
  })

  test('what Kubernetes sets for a service called mortise-metrics is no setting', async () => {
    const home = newHome()
    const env = {
      ...home.env,
      MORTISE_METRICS_PORT: 'tcp://10.0.0.7:9464',
      MORTISE_METRICS_PORT_9464_TCP_ADDR: '10.0.0.7',
      MORTISE_METRICS_SERVICE_HOST: '10.0.0.7',
    }
    const served = await start('serve', ['--data', home.data], env)
    assert.equal(await served.stop(), exitCodes.ok)
    home.remove()
  })
})

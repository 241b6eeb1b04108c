// `mortise webhooks tail` and `listen`: what is delivered is printed, and events reach a program on this machine.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { main, start } from '../support/process.ts'
import { startReceiver, verified } from '../support/receiver.ts'
import { integrationsPath } from '../support/v2.ts'

test('attempts are printed as they are made, and events passed on, signed, until it is interrupted', async () => {
  const home = newHome()
  const receiver = await startReceiver()
  const local = await startReceiver()
  const env = {
    ...home.env,
    MORTISE_LOG_LEVEL: 'error',
    MORTISE_EGRESS_ALLOW: new URL(receiver.address).host,
  }
  const served = await start('serve', ['--data', home.data], env)
  const command = (...args: string[]) => {
    const child = spawn(
      process.execPath,
      [main, 'webhooks', ...args, '--account', '1', '--data', home.data],
      {
        env: home.env,
      },
    )
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        text += String(part)
      })
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { text: () => text, stop: () => child.kill('SIGINT') && ended }
  }
  const tail = command('tail')
  const listen = command('listen', '--forward', `${local.address}/hook`, '--events', 'integration.*')
  try {
    const key = keyIn(served.output().stdout)
    const body = { url: `${receiver.address}/hook`, events: ['integration.*'] }
    const made = await call(served.address, 'POST', '/v2/webhooks/', {
      key,
      body,
      headers: { 'integration-id': '1' },
    })
    assert.equal(made.status, 201, made.text)
    await until('it listens', () => listen.text().includes('whsec_'))
    const change = (name: string) =>
      call(served.address, 'PATCH', `${integrationsPath}1/`, { key, body: { name } })
    await until('an event was passed on', async () => {
      await change('again')
      return local.received.length > 0
    })
    const [, secret = ''] = /(whsec_\S+)/.exec(listen.text()) ?? []
    const [first] = local.received
    assert.ok(first)
    verified(secret, first)
    assert.equal(first.body, receiver.received.find(({ id }) => id === first.id)?.body, 'the same bytes')
    receiver.answer = (_request, response) => response.writeHead(503).end()
    await change('fails')
    await until('the failure was printed', () => /503 .* integration\.updated/.test(tail.text()))
    assert.match(tail.text(), /204 .* integration\.updated {2}evt_\d+_\w+ {2}http:/)
    assert.match(listen.text(), /204 .* integration\.updated/)
    assert.deepEqual([await tail.stop(), await listen.stop()], [0, 0])
  } finally {
    await tail.stop()
    await listen.stop()
    await served.stop('SIGKILL')
    await receiver.close()
    await local.close()
    home.remove()
  }
})

// Mistakes in the configuration are told all at once, each with its fix, before anything is opened or made.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { ConfigRefused, readConfig } from '../../src/config.ts'
import { newHome } from '../support/command-line.ts'
import { run } from '../support/process.ts'

const mistakes = {
  MORTISE_PORT: '99999',
  MORTISE_PUBLIC_URL: 'ftp://hub.example.com',
  MORTISE_MASTER_KEY: 'CANARY-master-key',
  MORTISE_TRUSTED_PROXIES: '10.0.0.0/8, the proxy',
  MORTISE_RATE_LIMIT_KEY: '-1',
  MORTISE_RATE_LIMIT_ACCOUNT: 'many',
  MORTISE_LOG_LEVEL: 'loud',
  MORTISE_HOTS: '127.0.0.1',
  DATABASE_URL: 'mysql://mortise:CANARY-password@db/mortise',
  MORTISE_PG_CONNECTIONS: '1',
  MORTISE_PG_WAIT: 'long',
  MORTISE_PG_RLS: 'yes',
}

test('all mistakes are told at once, exit 78, and no secret among them is repeated', async () => {
  const home = newHome()
  const keyFile = join(home.data, 'master.key')
  const env = { ...home.env, ...mistakes, MORTISE_DATA_DIR: home.data, MORTISE_MASTER_KEY_FILE: keyFile }
  const { code, stdout, stderr } = await run(['serve'], { env })
  assert.equal(code, exitCodes.configRefused)
  assert.equal(code, 78)
  assert.equal(stdout, '')
  const lines = stderr.trimEnd().split('\n')
  for (const name of [...Object.keys(mistakes), keyFile]) {
    const told = lines.filter((line) => line.includes(name) && !line.includes(`Known: ${name}`))
    assert.ok(told.length > 0, `${name} is named in: ${stderr}`)
  }
  assert.ok(!stderr.includes('CANARY'), stderr)
  assert.ok(!existsSync(home.data), 'nothing was made')
  home.remove()
})

test('every command refuses a wrong configuration with the same status', async () => {
  const home = newHome()
  const env = { ...home.env, MORTISE_PORT: 'x', MORTISE_LOG_LEVEL: 'loud' }
  const { code, stderr } = await run(['keys', 'list', '--account', '1', '--data', home.data], { env })
  assert.equal(code, exitCodes.configRefused)
  assert.match(stderr, /MORTISE_PORT/)
  assert.match(stderr, /MORTISE_LOG_LEVEL/)
  home.remove()
})

describe('one mistake alone is found', () => {
  const wrong: Record<string, readonly string[]> = {
    MORTISE_HOST: ['not a host', '256.0.0.1', '127.0.0.1:3500', 'http://127.0.0.1'],
    MORTISE_PORT: ['65536', '-1', '3.5', '1e3', '0x10', 'http', ' '],
    MORTISE_PUBLIC_URL: [
      'hub.example.com',
      'ftp://hub.example.com',
      'https://hub.example.com/?a=1',
      'https://hub.example.com/#a',
      'https://user:secret@hub.example.com',
    ],
    MORTISE_TRUSTED_PROXIES: ['proxy', '10.0.0.0/33', '999.0.0.1', '10.0.0.0/8;10.1.0.0/16', '::1/129'],
    MORTISE_RATE_LIMIT_KEY: ['-1', 'x', '1.5'],
    MORTISE_RATE_LIMIT_ACCOUNT: ['-1', 'x', '1.5'],
    MORTISE_LOG_LEVEL: ['loud', 'INFO', 'warning'],
    MORTISE_DATADIR: ['/srv/data'],
    DATABASE_URL: ['mysql://db/mortise', 'postgres://db', 'postgres://db/', 'db'],
    MORTISE_PG_CONNECTIONS: ['1', '1001', 'many'],
    MORTISE_PG_WAIT: ['-1', '1m'],
    MORTISE_PG_RLS: ['yes', 'ON', '1'],
    MORTISE_PG_PREPARED: ['never'],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      test(`${name}=${value}`, () => {
        assert.throws(
          () => readConfig({ [name]: value }, {}),
          (error) => {
            assert.ok(error instanceof ConfigRefused)
            assert.equal(error.mistakes.length, 1)
            assert.ok(error.mistakes[0]?.includes(name), error.message)
            return true
          },
        )
      })
    }
  }
})

describe('what is right passes', () => {
  const right: Record<string, readonly string[]> = {
    MORTISE_HOST: ['0.0.0.0', '::1', '::', 'localhost'],
    MORTISE_PORT: ['0', '80', '65535', ''],
    MORTISE_PUBLIC_URL: ['https://hub.example.com', 'https://hub.example.com/', 'http://10.0.0.1:3500'],
    MORTISE_TRUSTED_PROXIES: ['10.0.0.1', '10.0.0.0/8, 192.168.0.0/16', 'fd00::/8', '::1', ''],
    MORTISE_EGRESS_ALLOW: ['10.0.0.7:8080,crm.internal', 'localhost:9000,10.1.0.0/16,[fd00::1]:8443,::1'],
    MORTISE_RATE_LIMIT_KEY: ['0', '100'],
    MORTISE_LOG_LEVEL: ['trace', 'debug', 'info', 'warn', 'error'],
    MORTISE_SERVICE_HOST: ['10.0.0.1'],
    MORTISE_PORT_3500_TCP_ADDR: ['10.0.0.1'],
    DATABASE_URL: [
      '',
      'postgres://db/mortise',
      'postgresql://user:pass%40word@[::1]:5433/mortise?sslmode=verify-full',
    ],
    MORTISE_PG_CONNECTIONS: ['2', '50'],
    MORTISE_PG_WAIT: ['0', '600'],
    MORTISE_PG_RLS: ['on', 'off'],
    MORTISE_PG_PREPARED: ['on', 'off'],
  }
  for (const [name, values] of Object.entries(right)) {
    test(name, () => {
      for (const value of values) assert.doesNotThrow(() => readConfig({ [name]: value }, {}), `${value}`)
    })
  }

  test('a public URL loses the slash at its end', () => {
    const { config } = readConfig({ MORTISE_PUBLIC_URL: 'https://hub.example.com/' }, {})
    assert.equal(config.publicUrl, 'https://hub.example.com')
  })
})

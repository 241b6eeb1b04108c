// Every provider, verified with every kind of credential against its stand-in: what the connection's health is then.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { secretNames } from '../../src/catalogue/define.ts'
import { providers } from '../../src/catalogue/index.ts'
import { createStandIns, sampleRows, withoutStandIn } from '../../src/sandbox/index.ts'
import { modes } from '../../src/sandbox/stand-in.ts'
import { type Sandboxed, startSandboxed } from '../support/sandbox.ts'
import { textOf } from '../support/v2.ts'

/** What most providers' answers mean. */
const usual: Readonly<Record<string, string>> = {
  valid: 'healthy',
  rejected: 'rejected',
  forbidden: 'degraded',
  ratelimited: 'rate_limited',
  slow: 'unreachable',
  down: 'unreachable',
  html: 'unreachable',
}

/** Where a provider is known to do otherwise. */
const unusual: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // One status stands for both.
  active_campaign: { forbidden: 'rejected' },
  // Whose the key is, is told to every key that is alive.
  infusionsoft: { forbidden: 'healthy' },
  // No token is had at all.
  paypal: { forbidden: 'rejected' },
  // A customer that may not use the API is refused like a key that is unknown.
  sendreach: { forbidden: 'rejected' },
}

const accounts: Readonly<Record<string, RegExp>> = {
  active_campaign: /^owner@sandbox\.example$/,
  amazon: /^arn:aws:iam::\d{12}:user\/sandbox$/,
  aweber: /^account \d{7}$/,
  convertkit: /^Sandbox \d{4}$/,
  disqus: /^sandbox-valid$/,
  drip: /^Sandbox Drip$/,
  getresponse: /^owner@sandbox\.example$/,
  google_analytics: /^Sandbox site$/,
  infusionsoft: /^owner@sandbox\.example$/,
  intercom: /^Sandbox workspace$/,
  mailchimp: /^Sandbox newsletter$/,
  ontraport: /^app 2_AppID_12345678$/,
  paypal: /^app sandbox_AAAA$/,
  sendreach: /^key 01234567$/,
  stripe: /^Sandbox shop$/,
  wishlist: /^members\.example\.com$/,
}

const modeOf: Readonly<Record<string, string>> = { stripe: 'test', paypal: 'test' }

/** What a person can do about it, or that there is nothing to be done. */
const remedy = /\b(Give|Check|Set|Allow|Enable|Connect|Ask)\b.*\.$|It is asked again later\.$/

let hub: Sandboxed
before(async () => {
  hub = await startSandboxed()
})
after(() => hub.close())

test('every provider of the catalogue has a stand-in, or a reason why it needs none', () => {
  const standIns = createStandIns({ nowMs: () => 0, newId: () => '', accessTokenS: 0 })
  const names = [...standIns.map(({ provider }) => provider), ...Object.keys(withoutStandIn)]
  assert.deepEqual(names.toSorted(), providers.map(({ name }) => name).toSorted())
  for (const [name, reason] of Object.entries(withoutStandIn)) assert.match(reason, /\.$/, name)
})

test('every stand-in has a case for every mode, or a reason why there is none', () => {
  const expected = providers.flatMap(({ name }) =>
    name in withoutStandIn ? [] : modes.map((mode) => `${name} ${mode}`),
  )
  assert.deepEqual(
    sampleRows().flatMap(({ provider, variant, mode }) => (variant === null ? `${provider} ${mode}` : [])),
    expected,
  )
  const without = sampleRows().filter(({ fields }) => fields === null)
  assert.deepEqual(
    without.map(({ provider, mode }) => `${provider} ${mode}`),
    ['disqus forbidden', 'wishlist forbidden'],
  )
  for (const { note } of without) assert.match(textOf(note), /\.$/)
})

describe('asked about its credentials,', { concurrency: true }, () => {
  for (const provider of providers) {
    const rows = sampleRows().filter((row) => row.provider === provider.name && row.fields !== null)
    if (rows.length === 0) continue
    describe(`${provider.title}:`, { concurrency: true }, () => {
      for (const { variant, mode, fields } of rows) {
        const status = unusual[provider.name]?.[mode] ?? usual[mode]
        test(`credentials ${variant === null ? '' : `(${variant}) `}that are ${mode} are ${status}`, async () => {
          const { health } = await hub.verifyNew(provider.name, fields ?? {})
          assert.equal(health.status, status, `${health.reason}`)
          if (status === 'healthy') {
            assert.equal(health.reason, null)
            assert.equal(health.mode, modeOf[provider.name] ?? null)
          } else {
            assert.match(textOf(health.reason), remedy)
          }
          if (mode === 'valid') assert.match(textOf(health.account), accounts[provider.name] ?? /^$/)
          const secrets = secretNames(provider).flatMap((name) => fields?.[name] ?? [])
          for (const secret of secrets) {
            assert.ok(!JSON.stringify(health).includes(secret), 'no secret is told')
          }
        })
      }
    })
  }
})

test('no secret of any of these is in the log', () => {
  const log = hub.api.log()
  for (const { provider: name, fields } of sampleRows()) {
    const provider = providers.find((known) => known.name === name)
    assert.ok(provider)
    for (const secret of secretNames(provider)) {
      const text = fields?.[secret]
      assert.ok(text === undefined || !log.includes(text), `${name}.${secret}`)
    }
  }
})

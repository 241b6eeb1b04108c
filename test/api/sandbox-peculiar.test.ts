// What is peculiar to single providers when they are verified: kinds of keys, generations, platforms, regions, modes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { derivedSecret } from '../../src/sandbox/modes.ts'
import { lineOf, type Sandboxed, sampleOf, startSandboxed } from '../support/sandbox.ts'

let hub: Sandboxed
before(async () => {
  hub = await startSandboxed()
})
after(() => hub.close())

const verified = (provider: string, fields: Record<string, unknown>) => hub.verifyNew(provider, fields)

describe('Drip', () => {
  test('takes an API token where an OAuth token is refused, and the kind is remembered', async () => {
    const { id, health, fields } = await verified('drip', {
      api_account_id: '9999999',
      access_token: 'api_valid',
    })
    assert.equal(health.status, 'healthy')
    assert.equal(fields.token_kind, 'api_token')
    hub.sandbox.forgetRequests()
    await hub.verify(id)
    const sent = hub.sandbox.requests().map(({ header }) => header('authorization'))
    assert.deepEqual(sent, [`Basic ${Buffer.from('api_valid:').toString('base64')}`], 'at once')
  })

  test('is told apart from an account that is not the token’s', async () => {
    const { health } = await verified('drip', { api_account_id: '1', access_token: 'sandbox-valid' })
    assert.equal(health.status, 'degraded')
    assert.match(String(health.reason), /Check the id/)
  })
})

describe('Kit', () => {
  test('is asked by its fourth API with a key of that, and refuses one of the third there', async () => {
    const { health } = await verified('convertkit', { secret_key: 'kit_valid', generation: 'v4' })
    assert.equal(health.status, 'healthy')
    const asked = hub.sandbox.requests().at(-1)
    assert.ok(asked)
    assert.equal(lineOf(asked), 'GET https://api.kit.com/v4/account')
    assert.equal(asked.header('x-kit-api-key'), 'kit_valid')
    const older = await verified('convertkit', { secret_key: 'sandbox-secret-valid', generation: 'v4' })
    assert.equal(older.health.status, 'rejected')
    const newer = await verified('convertkit', { secret_key: 'kit_valid', generation: 'v3' })
    assert.equal(newer.health.status, 'rejected')
  })
})

describe('AWeber', () => {
  const client = { consumer_key: 'client000000000000000000' }
  const secret = { consumer_secret: derivedSecret(client.consumer_key, 'hex') }

  test('is told to whom it belongs by OAuth 2 as by OAuth 1', async () => {
    const first = await verified('aweber', { ...client, ...secret, refresh_token: 'aweber-valid' })
    assert.equal(first.health.status, 'healthy')
    const lines = hub.sandbox.requests().slice(-2)
    assert.deepEqual(lines.map(lineOf), [
      'POST https://auth.aweber.com/oauth2/token',
      'GET https://api.aweber.com/1.0/accounts',
    ])
    const [token, accounts] = lines
    assert.equal(token?.form.get('grant_type'), 'refresh_token')
    assert.match(String(token?.header('authorization')), /^Basic /)
    assert.match(String(accounts?.header('authorization')), /^Bearer aw_/)
  })

  test('refuses a refresh token that was redeemed before', async () => {
    const fields = { ...client, ...secret, refresh_token: 'aweber-once-valid' }
    assert.equal((await verified('aweber', fields)).health.status, 'healthy')
    const again = await verified('aweber', fields)
    assert.equal(again.health.status, 'rejected')
    assert.match(String(again.health.reason), /Connect the account anew/)
  })

  test('refuses a client secret that is another’s, and a signature with one', async () => {
    const wrong = { consumer_secret: derivedSecret('another', 'hex') }
    const refreshed = await verified('aweber', { ...client, ...wrong, refresh_token: 'aweber-other-valid' })
    assert.equal(refreshed.health.status, 'rejected')
    const signed = await verified('aweber', { ...sampleOf('aweber', 'valid'), ...wrong })
    assert.equal(signed.health.status, 'rejected')
  })
})

describe('GetResponse', () => {
  const key = 'maxpl0000000000000000000000valid'

  test('is asked on its own platform, with the domain that MAX wants', async () => {
    const { health } = await verified('getresponse', {
      secret_api_key: key,
      platform: 'max_pl',
      domain: 'newsletter.example',
    })
    assert.equal(health.status, 'healthy')
    const asked = hub.sandbox.requests().at(-1)
    assert.equal(asked?.host, 'api3.getresponse360.pl')
    assert.equal(asked?.header('x-domain'), 'newsletter.example')
  })

  test('refuses a key on another platform, and a domain that is unknown, each for its reason', async () => {
    const elsewhere = await verified('getresponse', { secret_api_key: key, platform: 'retail' })
    assert.equal(elsewhere.health.status, 'rejected')
    assert.match(String(elsewhere.health.reason), /another platform/)
    const unknown = await verified('getresponse', {
      secret_api_key: key,
      platform: 'max_pl',
      domain: 'a.test',
    })
    assert.match(String(unknown.health.reason), /domain/)
  })
})

describe('Intercom', () => {
  test('tells where the workspace is, where that is not the region that was given', async () => {
    const { health } = await verified('intercom', { access_token: 'eu-token-valid', region: 'us' })
    assert.equal(health.status, 'degraded')
    assert.match(String(health.reason), /Set region to eu/)
    const right = await verified('intercom', { access_token: 'eu-token-valid', region: 'eu' })
    assert.equal(right.health.status, 'healthy')
    assert.equal(hub.sandbox.requests().at(-1)?.host, 'api.eu.intercom.io')
  })
})

describe('Amazon', () => {
  const key = sampleOf('amazon', 'valid')

  test('finds the region of the bucket by itself, and says that the bucket is ready', async () => {
    const { fields } = await verified('amazon', key)
    assert.equal(fields.ready, 'ready')
    assert.equal(fields.region, 'eu-north-1')
  })

  test('says what is wrong with a bucket: another region, none of this name, no permission', async () => {
    const { bucket } = key
    const elsewhere = await verified('amazon', { ...key, bucket, region: 'us-west-2' })
    assert.deepEqual([elsewhere.health.status, elsewhere.fields.ready], ['degraded', 'error'])
    assert.match(String(elsewhere.health.reason), /Set region to eu-north-1/)
    const missing = await verified('amazon', { ...key, bucket: 'missing-bucket' })
    assert.deepEqual([missing.health.status, missing.fields.ready], ['degraded', 'error'])
    const forbidden = await verified('amazon', { ...sampleOf('amazon', 'forbidden') })
    assert.deepEqual([forbidden.health.status, forbidden.fields.ready], ['degraded', 'error'])
    assert.match(String(forbidden.health.reason), /s3:ListBucket/)
  })

  test('refuses a secret that is not the key’s, for that reason', async () => {
    const { health } = await verified('amazon', { ...key, secret_access_key: 'a'.repeat(40) })
    assert.equal(health.status, 'rejected')
    assert.match(String(health.reason), /Check that they belong together/)
  })

  test('is whose it is without a bucket, too', async () => {
    const { bucket: _, ...alone } = key
    const { health, fields } = await verified('amazon', alone)
    assert.deepEqual([health.status, fields.ready], ['healthy', 'pending'])
  })
})

describe('Stripe', () => {
  const live = 'sk_live_sandbox0000000000000valid'

  test('is test or live, as its balance says', async () => {
    const fields = { publishable_key: 'pk_live_sandbox0000000000000', secret_key: live }
    assert.equal((await verified('stripe', fields)).health.mode, 'live')
  })

  test('has two keys of one mode', async () => {
    const { health } = await verified('stripe', { ...sampleOf('stripe', 'valid'), secret_key: live })
    assert.equal(health.status, 'degraded')
    assert.match(String(health.reason), /live key, and the publishable key a test key/)
  })

  test('knows a restricted key that may not read the balance: it is alive', async () => {
    const { health } = await verified('stripe', sampleOf('stripe', 'forbidden'))
    assert.deepEqual([health.status, health.mode], ['degraded', 'test'])
    assert.match(String(health.reason), /restricted key/)
  })

  test('has its health told as that of an account that is connected twice, and of one that was switched', async () => {
    const title = { title: 'First shop' }
    const secret_key = 'sk_test_twice0000000000000valid'
    await hub.verify(await hub.make('stripe', { secret_key }, title))
    const { id, notices } = await verified('stripe', { secret_key })
    assert.match(JSON.stringify(notices), /connected by \d+ too/)
    await hub.change('PATCH', id, { fields: { secret_key: 'sk_test_other0000000000000valid' } })
    assert.match(JSON.stringify((await hub.verify(id)).notices), /another account/)
  })
})

describe('Google Analytics', () => {
  test('is obsolete with an id of Universal Analytics, and not invalid', async () => {
    const { health } = await verified('google_analytics', {
      ...sampleOf('google_analytics', 'valid'),
      web_property_id: 'UA-1234567-1',
    })
    assert.equal(health.status, 'degraded')
    assert.equal(health.account, 'Sandbox site')
    assert.match(String(health.reason), /obsolete/)
  })

  test('does not see the account of another id', async () => {
    const fields = { ...sampleOf('google_analytics', 'valid'), api_account_id: '1' }
    assert.equal((await verified('google_analytics', fields)).health.status, 'degraded')
  })

  test('has a token anew with the client that it was made with', async () => {
    const client_id = 'sandbox.apps.googleusercontent.com'
    const { health, fields } = await verified('google_analytics', {
      refresh_token: 'google-valid',
      client_id,
      client_secret: derivedSecret(client_id, 'hex'),
    })
    assert.equal(health.status, 'healthy')
    assert.match(String(fields.expires_at), /^\d{4}-.*Z$/)
    const [token] = hub.sandbox.requests().slice(-2)
    assert.ok(token)
    assert.equal(lineOf(token), 'POST https://oauth2.googleapis.com/token')
    assert.deepEqual(Object.fromEntries(token.form), {
      grant_type: 'refresh_token',
      refresh_token: 'google-valid',
      client_id,
      client_secret: derivedSecret(client_id, 'hex'),
    })
  })
})

describe('Mailchimp', () => {
  test('is asked in the data centre that the key names, and in the first where it names none', async () => {
    const named = await verified('mailchimp', { api_key: '0123valid-us21' })
    assert.equal(named.health.status, 'healthy')
    assert.equal(hub.sandbox.requests().at(-1)?.host, 'us21.api.mailchimp.com')
    const unnamed = await verified('mailchimp', { api_key: '0123456valid' })
    assert.equal(unnamed.health.status, 'healthy')
    assert.equal(hub.sandbox.requests().at(-1)?.host, 'us1.api.mailchimp.com')
  })

  test('is not asked where what the key names is no data centre', async () => {
    hub.sandbox.forgetRequests()
    for (const ending of ['us6.evil.example', 'us6/', 'evil.example#', '@evil1', '']) {
      const { health } = await verified('mailchimp', { api_key: `0123valid-${ending}` })
      assert.equal(health.status, 'unverifiable', ending)
      assert.match(String(health.reason), /api_key.*data centre/)
    }
    assert.deepEqual(hub.sandbox.requests(), [])
  })
})

describe('PayPal', () => {
  test('knows an app on its own side alone', async () => {
    const fields = sampleOf('paypal', 'valid')
    assert.equal((await verified('paypal', fields)).health.mode, 'test')
    const { health } = await verified('paypal', { ...fields, environment: 'live' })
    assert.equal(health.status, 'rejected')
    assert.equal(hub.sandbox.requests().at(-1)?.host, 'api-m.paypal.com')
  })
})

describe('nobody is asked', () => {
  test('about SendReach without a base URL, about HTML, and about what is not set', async () => {
    hub.sandbox.forgetRequests()
    const { base_url: _, ...alone } = sampleOf('sendreach', 'valid')
    const { health: sendreach } = await verified('sendreach', alone)
    assert.equal(sendreach.status, 'unverifiable')
    assert.match(String(sendreach.reason), /Set base_url/)
    const { health: html } = await verified('html', { html: '<b>Hello</b>' })
    assert.equal(html.status, 'unverifiable')
    assert.match(String(html.reason), /markup of your own/)
    const { health: stripe } = await verified('stripe', { publishable_key: 'pk_test_x' })
    assert.equal(stripe.status, 'unverifiable')
    assert.match(String(stripe.reason), /secret_key has to be set/)
    assert.deepEqual(hub.sandbox.requests(), [])
  })
})

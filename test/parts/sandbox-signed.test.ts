// The sandbox: signatures, challenges and sessions are checked for real.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { derivedSecret } from '../../src/sandbox/modes.ts'
import { type Client, startClient } from '../support/ask-sandbox.ts'
import { asObject, textOf } from '../support/v2.ts'

let client: Client
before(async () => {
  client = await startClient()
})
after(() => client.sandbox.close())

describe('the stand-in for AWS', () => {
  const accessKeyId = 'AKIASANDBOX0000VALID'
  const aws = (service: string, region = 'us-east-1') =>
    ({
      kind: 'aws_sigv4',
      accessKeyId,
      secretAccessKey: derivedSecret(accessKeyId, 'base64'),
      region,
      service,
    }) as const
  const object = 'https://s3.eu-north-1.amazonaws.com/files-eu-north-1/a%20b/%C3%BC.txt'
  const s3 = aws('s3', 'eu-north-1')

  test('keeps objects: written, read, listed, looked at, removed', async () => {
    const { askWith } = client
    assert.equal((await askWith(s3, 'PUT', object, { body: 'hello' })).status, 200)
    assert.equal((await askWith(s3, 'GET', object)).text, 'hello')
    const head = await askWith(s3, 'HEAD', object)
    assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, '5', ''])
    const listed = await askWith(
      s3,
      'GET',
      'https://s3.eu-north-1.amazonaws.com/files-eu-north-1?list-type=2&prefix=a%20b',
    )
    assert.match(listed.text, /<Key>a b\/ü\.txt<\/Key>/)
    const inHost = 'https://files-eu-north-1.s3.eu-north-1.amazonaws.com/a%20b/%C3%BC.txt'
    assert.equal((await askWith(s3, 'GET', inHost)).text, 'hello', 'with the bucket in the host too')
    assert.equal((await askWith(s3, 'DELETE', object)).status, 204)
    assert.match((await askWith(s3, 'GET', object)).text, /NoSuchKey/)
  })

  test('refuses what is signed for another region, another service, another body, or a time ago', async () => {
    const { ask, askWith, move } = client
    assert.match((await askWith(aws('s3'), 'GET', object)).text, /AuthorizationHeaderMalformed/)
    assert.match(
      (await askWith(aws('sts', 'eu-north-1'), 'GET', object)).text,
      /AuthorizationHeaderMalformed/,
    )
    assert.match((await ask('GET', object)).text, /MissingAuthenticationToken/)
    const cloudfront = 'https://cloudfront.amazonaws.com/2020-05-31/distribution'
    const invalidation = `${cloudfront}/E1SANDBOX00000/invalidation`
    const done = await askWith(aws('cloudfront'), 'POST', invalidation, { body: '<InvalidationBatch/>' })
    assert.equal(done.status, 201)
    const last = client.sandbox.requests().at(-1)
    assert.ok(last)
    const headers = Object.fromEntries(
      last.headers.filter(([name]) => !/^(host|content-length|connection)$/i.test(name)),
    )
    const altered = await ask('POST', invalidation, { headers, body: '<InvalidationBatch>x' })
    assert.equal(altered.status, 403)
    move(3_600_000)
    assert.match(
      (await ask('POST', invalidation, { headers, body: '<InvalidationBatch/>' })).text,
      /RequestTimeTooSkewed/,
    )
    assert.match((await askWith(aws('cloudfront'), 'GET', cloudfront)).text, /E1SANDBOX00000/)
  })
})

test('AWeber’s stand-in takes a signed request once', async () => {
  const [consumerKey, token] = ['consumer', 'token-valid']
  const credential = {
    kind: 'oauth1',
    consumerKey,
    consumerSecret: derivedSecret(consumerKey, 'hex'),
    token,
    tokenSecret: derivedSecret(token, 'hex'),
  } as const
  const signedNow = { ...credential }
  const fresh = await startClient({ nowMs: () => Date.now() })
  const url = 'https://api.aweber.com/1.0/accounts'
  // The library signs with the machine's own clock.
  assert.equal((await fresh.askWith(signedNow, 'GET', url)).status, 200)
  const [authorization = ''] = fresh.sandbox.requests().map(({ header }) => header('authorization') ?? '')
  assert.equal((await fresh.ask('GET', url, { headers: { authorization } })).status, 401)
  assert.equal((await fresh.ask('GET', url)).status, 400)
  await fresh.sandbox.close()
})

test('WishList Member’s stand-in knows a session by both of its cookies, and a challenge once', async () => {
  const site = 'https://club.example.com/folder/?/wlmapi/2.0/json'
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const challenge = await client.ask('GET', `${site}/auth`)
  const lock = textOf(asObject(challenge.body).lock)
  assert.deepEqual(challenge.headers['set-cookie'], [`lock=${lock}; path=/`])
  const answer = (cookie: string) =>
    client.ask('POST', `${site}/auth`, {
      headers: { cookie },
      form: { key: md5(`${lock}wishlist-sandbox-valid`), support_emulation: '1' },
    })
  assert.equal((await answer('')).status, 401, 'not without the cookie')
  const opened = await answer(`lock=${lock}`)
  const session = textOf(asObject(opened.body).key)
  assert.equal((await answer(`lock=${lock}`)).status, 401, 'answered once')
  const levels = (cookie: string) => client.ask('GET', `${site}/levels`, { headers: { cookie } })
  const both = `lock=${lock}; ${md5(`WLMAPI2${session}`)}=${session}`
  assert.equal((await levels(both)).status, 200)
  for (const part of both.split('; ')) {
    assert.equal(asObject((await levels(part)).body).ERROR_CODE, 65_536)
  }
})

test('a MailWizz server’s stand-in refuses what was signed a time ago, and what was altered', async () => {
  const publicKey = 'public-valid'
  const credential = { kind: 'mailwizz', publicKey, privateKey: derivedSecret(publicKey, 'hex') } as const
  const lists = 'https://mail.example.com/api/index.php/lists'
  assert.equal((await client.askWith(credential, 'GET', `${lists}?per_page=1&page=1`)).status, 200)
  const form = { EMAIL: 'a b@c.example', FNAME: 'Ada*' }
  const created = await client.askWith(credential, 'POST', `${lists}/x/subscribers`, { form })
  assert.equal(created.status, 201, created.text)
  const last = client.sandbox.requests().at(-1)
  const headers = Object.fromEntries(last?.headers.filter(([name]) => /^x-mw-/i.test(name)) ?? [])
  const altered = await client.ask('POST', `${lists}/x/subscribers`, {
    headers,
    form: { EMAIL: 'other@c.example' },
  })
  assert.match(altered.text, /signature/)
  client.move(1_000_000)
  const late = await client.ask('POST', `${lists}/x/subscribers`, { headers, form })
  assert.match(late.text, /expired/)
})

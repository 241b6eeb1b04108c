// Signatures, judged by code that is not ours: the AWS SDK's signer, an S3 server from npm, a verifier of OAuth 1.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import S3rver from '@20minutes/s3rver'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { hmacsign } from 'oauth-sign'
import type { Credential } from '../../src/catalogue/api.ts'
import { applyScheme, createSchemes } from '../../src/outbound/schemes/index.ts'
import type { Outgoing } from '../../src/outbound/send.ts'
import { isSignedByOauth1, readOauth1 } from '../../src/sandbox/signatures/oauth1.ts'
import { encodeStrictly, readSignature, signatureMistake } from '../../src/sandbox/signatures/sigv4.ts'
import { askedOf, sendPlainly } from '../support/signed.ts'

const nowMs = Date.parse('2026-05-01T10:00:00Z')
const schemes = createSchemes({ send: sendPlainly, nowMs: () => nowMs })
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

const signed = (credential: Credential, request: Partial<Outgoing> & { origin: string; path: string }) =>
  applyScheme(
    schemes,
    credential,
    { method: 'GET', headers: [], body: null, ...request },
    { origin: request.origin, folder: '' },
  )

describe('AWS Signature Version 4', () => {
  const s3 = 'https://s3.eu-north-1.amazonaws.com'
  const cases: ReadonlyArray<
    readonly [what: string, service: string, request: Parameters<typeof signed>[1]]
  > = [
    [
      'an identity call',
      'sts',
      { origin: 'https://sts.amazonaws.com', path: '/?Action=GetCallerIdentity&Version=2011-06-15' },
    ],
    ['a bucket', 's3', { method: 'HEAD', origin: s3, path: '/my-bucket' }],
    [
      'a listing with a query that is not in order',
      's3',
      { origin: s3, path: '/my-bucket?prefix=a%2Fb%20c&list-type=2&delimiter=%2F' },
    ],
    ['a query parameter without a value', 's3', { origin: s3, path: '/my-bucket?location' }],
    [
      'an object with signs of every kind in its name',
      's3',
      { origin: s3, path: '/my-bucket/a%20b/%C3%BC%2B~!%27()*@:,;=$&.txt' },
    ],
    [
      'an object that is written, with headers of its own',
      's3',
      {
        method: 'PUT',
        origin: s3,
        path: '/my-bucket/key.txt',
        headers: [
          ['content-type', 'text/plain'],
          ['x-amz-meta-owner', '  Ada   Lovelace '],
        ],
        body: Buffer.from('hello'),
      },
    ],
    [
      'distributions',
      'cloudfront',
      { origin: 'https://cloudfront.amazonaws.com', path: '/2020-05-31/distribution?MaxItems=1' },
    ],
    [
      'an invalidation, its body signed too',
      'cloudfront',
      {
        method: 'POST',
        origin: 'https://cloudfront.amazonaws.com',
        path: '/2020-05-31/distribution/E1/invalidation',
        headers: [['content-type', 'text/xml']],
        body: Buffer.from('<InvalidationBatch/>'),
      },
    ],
  ]
  for (const [what, service, request] of cases) {
    test(`is what the AWS SDK makes of ${what}, and the sandbox accepts both`, async () => {
      const region = service === 's3' ? 'eu-north-1' : 'us-east-1'
      const ours = askedOf(
        await signed({ kind: 'aws_sigv4', accessKeyId, secretAccessKey, region, service }, request),
      )
      const read = readSignature(ours)
      assert.ok(read)
      const theirs = new SignatureV4({
        service,
        region,
        credentials: { accessKeyId, secretAccessKey },
        sha256: Sha256,
        uriEscapePath: service !== 's3',
        applyChecksum: false,
      })
      const sent = ours.headers.map(([name, value]) => [name.toLowerCase(), value] as const)
      const headers = {
        host: ours.host,
        ...Object.fromEntries(sent.filter(([name]) => read.signedHeaders.includes(name))),
      }
      const { headers: expected } = await theirs.sign(
        {
          method: ours.method,
          protocol: 'https:',
          hostname: ours.host,
          // As S3 reads it: whatever was not encoded and could have been, is.
          path: service === 's3' ? strictly(ours.path) : ours.path,
          query: Object.fromEntries(ours.query),
          headers,
          ...(service !== 's3' && { body: ours.body }),
        },
        { signingDate: new Date(nowMs), signableHeaders: new Set(read.signedHeaders) },
      )
      assert.equal(read.signature, /Signature=([0-9a-f]{64})/.exec(expected.authorization ?? '')?.[1])
      assert.equal(signatureMistake(ours, read, secretAccessKey, nowMs), undefined)
      assert.equal(signatureMistake(ours, read, `${secretAccessKey}x`, nowMs), 'SignatureDoesNotMatch')
      const other = { ...ours, target: `${ours.target}${ours.target.includes('?') ? '&' : '?'}acl` }
      assert.equal(signatureMistake(other, read, secretAccessKey, nowMs), 'SignatureDoesNotMatch')
      assert.equal(signatureMistake(ours, read, secretAccessKey, nowMs + 3_600_000), 'RequestTimeTooSkewed')
    })
  }

  test('is checked by the sandbox as AWS documents it', () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`
    const asked = askedOf({
      method: 'GET',
      origin: 'https://examplebucket.s3.amazonaws.com',
      path: '/test.txt',
      headers: [
        ['range', 'bytes=0-9'],
        ['x-amz-content-sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
        ['x-amz-date', '20130524T000000Z'],
        ['authorization', authorization],
      ],
      body: null,
    })
    const read = readSignature(asked)
    assert.ok(read)
    assert.equal(
      signatureMistake(asked, read, secretAccessKey, Date.parse('2013-05-24T00:00:00Z')),
      undefined,
    )
  })

  test('is accepted by an S3 server that is not ours: written, read, listed, and refused with another secret', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'mortise-s3-'))
    const server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets: [{ name: 'my-bucket', configs: [] }],
    })
    const { port } = await server.run()
    t.after(async () => {
      await server.close()
      rmSync(directory, { recursive: true })
    })
    const origin = `http://127.0.0.1:${port}`
    const current = createSchemes({ send: sendPlainly, nowMs: () => Date.now() })
    const ask = async (method: string, path: string, body: string | null = null, secret = 'S3RVER') => {
      const outgoing = await applyScheme(
        current,
        {
          kind: 'aws_sigv4',
          accessKeyId: 'S3RVER',
          secretAccessKey: secret,
          region: 'us-east-1',
          service: 's3',
        },
        { method, origin, path, headers: [], body: body === null ? null : Buffer.from(body) },
        { origin, folder: '' },
      )
      const answer = await sendPlainly(outgoing)
      const parts = await answer.body.toArray()
      return { status: answer.status, text: Buffer.concat(parts).toString() }
    }
    assert.equal((await ask('HEAD', '/my-bucket')).status, 200)
    assert.equal((await ask('PUT', '/my-bucket/a%20folder/%C3%BC.txt', 'hello')).status, 200)
    assert.deepEqual(await ask('GET', '/my-bucket/a%20folder/%C3%BC.txt'), { status: 200, text: 'hello' })
    const listed = await ask('GET', '/my-bucket?list-type=2&prefix=a%20folder%2F')
    assert.match(listed.text, /<Key>a folder\/ü\.txt<\/Key>/)
    const refused = await ask('GET', '/my-bucket', null, 'another')
    assert.equal(refused.status, 403)
    assert.match(refused.text, /SignatureDoesNotMatch/)
    assert.equal((await ask('HEAD', '/no-such-bucket')).status, 404)
  })
})

describe('OAuth 1.0a', () => {
  const credential = {
    kind: 'oauth1',
    consumerKey: 'consumer-key',
    consumerSecret: 'consumer&secret',
    token: 'token',
    tokenSecret: 'token secret+/=',
  } as const
  const form = 'application/x-www-form-urlencoded'
  const cases: ReadonlyArray<readonly [what: string, request: Omit<Parameters<typeof signed>[1], 'origin'>]> =
    [
      ['what only reads', { path: '/1.0/accounts' }],
      [
        'a query with signs of every kind',
        { path: '/1.0/lists?ws.op=find&name=a%20b%26c!%27()*%7E&empty=&%C3%BC=%2B' },
      ],
      [
        'a form',
        {
          method: 'POST',
          path: '/1.0/subscribers?a=1',
          headers: [['content-type', form]],
          body: Buffer.from('email=a%40b.example&tags=x+y&z='),
        },
      ],
      [
        'a body that is no form, which is not signed',
        {
          method: 'POST',
          path: '/1.0/subscribers',
          headers: [['content-type', 'application/json']],
          body: Buffer.from('{}'),
        },
      ],
    ]
  for (const [what, request] of cases) {
    test(`is what another library makes of ${what}, and the sandbox accepts it`, async () => {
      const asked = askedOf(await signed(credential, { origin: 'https://api.aweber.com', ...request }))
      const given = readOauth1(asked)
      assert.ok(given)
      const { oauth_signature, ...rest } = given
      const parameters = { ...rest, ...Object.fromEntries(asked.query), ...Object.fromEntries(asked.form) }
      const { consumerSecret: consumer, tokenSecret: token } = credential
      const address = `https://api.aweber.com${asked.path}`
      assert.equal(oauth_signature, hmacsign(asked.method, address, parameters, consumer, token))
      assert.ok(isSignedByOauth1(asked, given, { consumer, token }))
      assert.ok(!isSignedByOauth1(asked, given, { consumer, token: 'another' }))
      assert.ok(!isSignedByOauth1({ ...asked, path: '/1.0/other' }, given, { consumer, token }))
    })
  }

  test('is checked by the sandbox as X documents it', () => {
    const header = [
      'OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog"',
      'oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"',
      'oauth_signature="tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"',
      'oauth_signature_method="HMAC-SHA1"',
      'oauth_timestamp="1318622958"',
      'oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"',
      'oauth_version="1.0"',
    ].join(', ')
    const asked = askedOf({
      method: 'POST',
      origin: 'https://api.twitter.com',
      path: '/1/statuses/update.json?include_entities=true',
      headers: [
        ['content-type', form],
        ['authorization', header],
      ],
      body: Buffer.from('status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21'),
    })
    const given = readOauth1(asked)
    assert.ok(given)
    const secrets = {
      consumer: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      token: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    }
    assert.ok(isSignedByOauth1(asked, given, secrets))
  })
})

function strictly(path: string): string {
  return path
    .split('/')
    .map((part) => encodeStrictly(decodeURIComponent(part)))
    .join('/')
}

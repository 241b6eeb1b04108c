// What is asked of each provider to verify a connection: method, address, headers, and how the request is signed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { providers } from '../../src/catalogue/index.ts'
import { withoutStandIn } from '../../src/sandbox/index.ts'
import type { Asked } from '../../src/sandbox/stand-in.ts'
import { lineOf, type Sandboxed, sampleOf, startSandboxed } from '../support/sandbox.ts'

let hub: Sandboxed
before(async () => {
  hub = await startSandboxed()
})
after(() => hub.close())

type Expected = {
  readonly line: string
  /** Each header that matters, and what it has to be. */
  readonly headers: Readonly<Record<string, string | RegExp>>
  readonly form?: Readonly<Record<string, string>>
}

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const sigV4 = (service: string, region: string) =>
  new RegExp(
    `^AWS4-HMAC-SHA256 Credential=AKIASANDBOX0000VALID/\\d{8}/${region}/${service}/aws4_request, ?SignedHeaders=(?=\\S*host;)(?=\\S*x-amz-date)\\S+, ?Signature=[0-9a-f]{64}$`,
  )
const oauth1 =
  /^OAuth (?=.*oauth_consumer_key="AzSandboxConsumer0000000")(?=.*oauth_token="ASandbox00000000valid")(?=.*oauth_signature_method="HMAC-SHA1")(?=.*oauth_nonce="\w+")(?=.*oauth_timestamp="\d+")(?=.*oauth_version="1.0")(?=.*oauth_signature="\S+")/
const formType = 'application/x-www-form-urlencoded'
const bucket = { line: 'HEAD https://s3.eu-north-1.amazonaws.com/sandbox-files-eu-north-1' }

const expected: Readonly<Record<string, readonly Expected[]>> = {
  active_campaign: [
    {
      line: 'GET https://sandbox.api-us1.com/api/3/users/me',
      headers: { 'api-token': '0123456789abcdef0123456789abcdef-valid' },
    },
  ],
  amazon: [
    {
      line: 'GET https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15',
      headers: { authorization: sigV4('sts', 'us-east-1'), 'x-amz-date': /^\d{8}T\d{6}Z$/ },
    },
    // In which region the bucket is, is not known yet: the answer tells.
    {
      line: 'HEAD https://s3.us-east-1.amazonaws.com/sandbox-files-eu-north-1',
      headers: { authorization: sigV4('s3', 'us-east-1'), 'x-amz-content-sha256': /./ },
    },
    {
      line: 'GET https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15',
      headers: { authorization: sigV4('sts', 'us-east-1') },
    },
    { ...bucket, headers: { authorization: sigV4('s3', 'eu-north-1'), 'x-amz-content-sha256': /./ } },
  ],
  aweber: [{ line: 'GET https://api.aweber.com/1.0/accounts', headers: { authorization: oauth1 } }],
  convertkit: [
    { line: 'GET https://api.convertkit.com/v3/account?api_secret=sandbox-secret-valid', headers: {} },
  ],
  disqus: [{ line: 'GET https://sandbox-valid.disqus.com/count.js', headers: {} }],
  drip: [
    { line: 'GET https://api.getdrip.com/v2/accounts', headers: { authorization: 'Bearer sandbox-valid' } },
  ],
  getresponse: [
    {
      line: 'GET https://api.getresponse.com/v3/accounts',
      headers: { 'x-auth-token': 'api-key sandbox00000000000000000000valid' },
    },
  ],
  google_analytics: [
    {
      line: 'GET https://analyticsadmin.googleapis.com/v1beta/accountSummaries?pageSize=200',
      headers: { authorization: 'Bearer ya29.sandbox-valid' },
    },
  ],
  infusionsoft: [
    {
      line: 'GET https://api.infusionsoft.com/crm/rest/v2/oauth/connect/userinfo',
      headers: { authorization: 'Bearer KeapAK-sandboxvalid' },
    },
  ],
  intercom: [
    {
      line: 'GET https://api.intercom.io/me',
      headers: { authorization: 'Bearer sandbox-token-valid', 'intercom-version': '2.15' },
    },
  ],
  mailchimp: ['/3.0/ping', '/3.0/'].map((path) => ({
    line: `GET https://us6.api.mailchimp.com${path}`,
    headers: { authorization: basic('mortise', '0123456789abcdef0123valid-us6') },
  })),
  ontraport: [
    {
      line: 'GET https://api.ontraport.com/1/Contacts/getInfo',
      headers: { 'api-key': 'sandbox-valid', 'api-appid': '2_AppID_12345678' },
    },
  ],
  paypal: [
    {
      line: 'POST https://api-m.sandbox.paypal.com/v1/oauth2/token',
      headers: {
        // Neither half is encoded where it does not have to be: PayPal decodes nothing.
        authorization: basic(
          `sandbox_${'A'.repeat(72)}`,
          `sandbox-secret-of-the-app-${'valid'.padStart(20, '0')}`,
        ),
        'content-type': /^application\/x-www-form-urlencoded/,
      },
      form: { grant_type: 'client_credentials' },
    },
  ],
  sendreach: [
    {
      line: 'GET https://mailwizz.example.com/api/index.php/lists?page=1&per_page=1',
      headers: {
        'x-mw-public-key': '0123456789abcdef0123456789ab-valid',
        'x-mw-timestamp': /^\d{10}$/,
        'x-mw-remote-addr': /./,
        'x-mw-signature': /^[0-9a-f]{40}$/,
      },
    },
  ],
  stripe: ['/v1/balance', '/v1/account'].map((path) => ({
    line: `GET https://api.stripe.com${path}`,
    headers: { authorization: 'Bearer sk_test_sandbox0000000000000valid' },
  })),
  wishlist: [
    { line: 'GET https://members.example.com/club/?/wlmapi/2.0/json/auth', headers: {} },
    {
      line: 'POST https://members.example.com/club/?/wlmapi/2.0/json/auth',
      headers: { 'content-type': formType, cookie: /^lock=[0-9a-f]{32}$/ },
      form: { support_emulation: '1' },
    },
    {
      line: 'GET https://members.example.com/club/?/wlmapi/2.0/json/levels',
      headers: { cookie: /^(?=.*\block=[0-9a-f]{32})(?=.*\b([0-9a-f]{32})=[0-9a-f]{32})/ },
    },
  ],
}

for (const { name, title } of providers) {
  if (name in withoutStandIn) continue
  test(`${title} is asked exactly what it documents`, async () => {
    hub.sandbox.forgetRequests()
    const { health } = await hub.verifyNew(name, sampleOf(name, 'valid'))
    assert.equal(health.status, 'healthy', `${health.reason}`)
    const requests = hub.sandbox.requests()
    const wanted = expected[name] ?? []
    assert.deepEqual(
      requests.map(lineOf),
      wanted.map(({ line }) => line),
    )
    for (const [at, asked] of requests.entries()) assertAsked(asked, wanted[at])
  })
}

function assertAsked(asked: Asked, wanted: Expected | undefined): void {
  for (const [name, value] of Object.entries(wanted?.headers ?? {})) {
    const sent = asked.headers.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value)
    assert.equal(sent.length, 1, `${name} is sent once`)
    if (typeof value === 'string') assert.equal(sent[0], value, name)
    else assert.match(sent[0] ?? '', value, name)
  }
  for (const [name, value] of Object.entries(wanted?.form ?? {}))
    assert.equal(asked.form.get(name), value, name)
  assert.equal(asked.body.length > 0, asked.method === 'POST', 'what only reads has no body')
}

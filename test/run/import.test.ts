// Importing credentials: what fits is told first and made on request, all or nothing, and no value is ever shown.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'

const canary = 'CANARYinNoOutput'

let home: Folders
let served: Served
let key: string
before(async () => {
  home = newHome()
  served = await start('serve', ['--data', home.data], home.env)
  key = keyIn(served.output().stdout)
})
after(async () => {
  await served.stop()
  home.remove()
})

type Report = {
  applied: boolean
  connections: Array<{
    where: string
    status: string
    id?: number
    provider?: string
    title?: string
    fields?: string[]
    problems: string[]
  }>
  unreadable: Array<{ where: string }>
  unknown: Array<{ where: string }>
}

/** Over the API with a key; whatever is said has no value in it. */
async function imported(file: string, text: string, ...options: string[]) {
  const path = join(home.root, file)
  writeFileSync(path, text)
  const env = { ...home.env, MORTISE_URL: served.address, MORTISE_API_KEY: key }
  const { code, stdout, stderr } = await run(['import', path, ...options], { env })
  assert.ok(!`${stdout}${stderr}`.includes(canary), `${stdout}${stderr}`)
  return { code, stdout, stderr }
}

async function reported(
  file: string,
  text: string,
  ...options: string[]
): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await imported(file, text, '--json', ...options)
  assert.notEqual(stdout, '', stderr)
  return { code, ...(JSON.parse(stdout) as Report) }
}

async function titles(integration = '1'): Promise<string[]> {
  const headers = { 'integration-id': integration }
  const { body } = await call(served.address, 'GET', '/v2/connections/?page_size=100', { key, headers })
  return Object(body).results.map(({ title }: { title: string }) => title)
}

const env = `# What a server is started with
export STRIPE_SECRET_KEY="sk_test_${canary}"
NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=pk_test_${canary}
STRIPE_SECRET_KEY_EU=sk_test_${canary}
STRIPE_WEBHOOK_SECRET=whsec_${canary}
AWS_ACCESS_KEY_ID=${canary}
AWS_SECRET_ACCESS_KEY=${canary}
AWS_DEFAULT_REGION=eu-north-1
AWS_S3_BUCKET=files
MAILCHIMP_KEY='${canary}-us6'
KIT_API_SECRET=${canary}
ACTIVECAMPAIGN_URL=https://${canary}.api-us1.com
ACTIVECAMPAIGN_API_KEY=${canary}
DATABASE_URL=postgres://mortise:${canary}@db.example.com/db
${canary}==
`

test('names of an environment are matched to provider and field, and a dry run writes nothing', async () => {
  const { code, applied, connections, unknown } = await reported('production.env', env)
  assert.deepEqual([code, applied], [exitCodes.ok, false])
  assert.deepEqual(
    connections.map(({ where, provider, title, fields, status }) => [
      where,
      provider,
      title,
      fields?.join(),
      status,
    ]),
    [
      ['line 2', 'stripe', 'Stripe', 'secret_key,publishable_key', 'fits'],
      ['line 4', 'stripe', 'Stripe (EU)', 'secret_key', 'fits'],
      [
        'line 6',
        'amazon',
        'Amazon S3 and CloudFront',
        'access_key_id,secret_access_key,region,bucket',
        'fits',
      ],
      ['line 10', 'mailchimp', 'Mailchimp', 'api_key', 'fits'],
      ['line 11', 'convertkit', 'Kit (ConvertKit)', 'secret_key', 'fits'],
      ['line 12', 'active_campaign', 'ActiveCampaign', 'api_endpoint,api_key', 'fits'],
    ],
  )
  assert.deepEqual(
    unknown.map(({ where }) => where),
    ['line 5', 'line 14', 'line 15'],
  )
  assert.deepEqual(await titles(), [])
  const told = await imported('production.env', env)
  assert.match(told.stdout, /6 would be created, 0 there already, 0 do not fit. Nothing is written/)
})

test('with --apply they are made once, with their secrets, however often it is run', async () => {
  const first = await reported('production.env', env, '--apply')
  assert.equal(first.code, exitCodes.ok)
  assert.deepEqual([...new Set(first.connections.map(({ status }) => status))], ['created'])
  const [stripe] = first.connections
  const { body } = await call(served.address, 'GET', `/api/v1/integrations/${stripe?.id}`, { key })
  assert.equal(Object(body).secret_key, `sk_test_${canary}`)
  const again = await reported('production.env', env, '--apply')
  assert.deepEqual([...new Set(again.connections.map(({ status }) => status))], ['there'])
  assert.equal((await titles()).length, 6)
})

test('one line that does not fit keeps all of a file from being written, unless it is left out', async () => {
  const csv = [
    'provider;title;Secret Key;publishable_key;api_key;integration',
    `stripe;Fits;sk_test_${canary};pk_test_1;;`,
    `stripe;Fits;sk_test_${canary};;;`,
    `${canary};stripe;x;;;`,
    `stripe;${canary};;pk;;`,
    `stripe;${canary};****4242;;;`,
    `mailchimp;${canary};${canary};;${canary};`,
    `stripe;${canary};sk_test_1;;;no-such-integration`,
    `stripe;${canary}`,
  ].join('\r\n')
  const { code, applied, connections, unreadable } = await reported('shops.csv', csv, '--apply')
  assert.deepEqual([code, applied], [exitCodes.refused, false])
  assert.deepEqual(
    connections.map(({ where, status, problems }) => [where, status, problems.join(' ').slice(0, 30)]),
    [
      ['line 2', 'fits', ''],
      ['line 3', 'does not fit', 'The provider and title of line'],
      ['line 4', 'does not fit', 'Its provider is not in the cat'],
      ['line 5', 'does not fit', 'This is missing: secret_key.'],
      ['line 6', 'does not fit', 'secret_key is the mask of a se'],
      ['line 7', 'does not fit', 'api_key is given twice.'],
      ['line 8', 'does not fit', 'There is no such integration: '],
    ],
  )
  assert.deepEqual(
    unreadable.map(({ where }) => where),
    ['line 9'],
  )
  assert.ok(!(await titles()).includes('Fits'))
  const skipped = await imported('shops.csv', csv, '--apply', '--skip')
  assert.equal(skipped.code, exitCodes.ok, skipped.stderr)
  assert.match(skipped.stdout, /1 connection created, 0 there already, 7 left out/)
  assert.ok((await titles()).includes('Fits'))
})

test('what the hub refuses in the middle ends it, and a mended file is taken up from there', async () => {
  const file = (title: string) =>
    JSON.stringify(
      ['One', title, 'Three'].map((title) => ({
        provider: 'stripe',
        title,
        fields: { secret_key: `sk_test_${canary}` },
      })),
    )
  const refused = await imported('three.json', file('x'.repeat(5_000)), '--apply')
  assert.equal(refused.code, exitCodes.refused)
  assert.match(refused.stdout, /1 connection created, 0 there already, 0 left out. 2 left/)
  assert.match(refused.stderr, /--title: /)
  const mended = await reported('three.json', file('Two'), '--apply')
  assert.deepEqual(
    mended.connections.map(({ status }) => status),
    ['there', 'created', 'created'],
  )
})

test('exports of n8n and Nango are read, and what is encrypted in them is told', async () => {
  const list = [
    { id: '1', name: 'My Stripe', type: 'stripeApi', data: { secretKey: canary, allowedDomains: 'all' } },
    { name: 'AC', type: 'activeCampaignApi', data: { apiUrl: 'https://x.api-us1.com', apiKey: canary } },
    { name: 'encrypted', type: 'slackApi', data: canary },
    {
      provider_config_key: 'intercom',
      connection_id: 'u-1',
      credentials: { type: 'OAUTH2', access_token: canary },
    },
  ]
  const { connections, unreadable } = await reported('export.json', JSON.stringify(list))
  assert.deepEqual(
    connections.map(({ provider, title, fields, status }) => [provider, title, fields?.join(), status]),
    [
      ['stripe', 'My Stripe', 'secret_key', 'fits'],
      ['active_campaign', 'AC', 'api_endpoint,api_key', 'fits'],
      ['intercom', 'u-1', 'access_token', 'fits'],
    ],
  )
  assert.deepEqual(
    unreadable.map(({ where }) => where),
    ['item 3'],
  )
})

test('what is not what it says is refused without a word of it', async () => {
  for (const [file, text] of [
    ['broken.json', `{"${canary}": `],
    ['text.json', `"${canary}"`],
    ['headless.csv', `stripe,${canary},${canary}\nstripe,${canary},${canary}`],
    ['quotes.csv', `provider,title\nstripe,"${canary}"${canary}\n`],
    ['lines.env', `${canary}\n${canary} = \nSTRIPE_SECRET_KEY="${canary}\n`],
    ['key.env', `STRIPE_SECRET_KEY=-----BEGIN\n${canary}\n${canary}=\n`],
  ] as const) {
    const { code } = await imported(file, text, ...(file.endsWith('.json') ? ['--json'] : []))
    assert.equal(code, exitCodes.refused, file)
  }
  const { code, stderr } = await imported(`keys.${canary.toLowerCase()}`, canary)
  assert.deepEqual([code, /--format csv/.test(stderr)], [exitCodes.refused, true])
})

test('on the store of this machine it works from standard input, with a format', async () => {
  const input = JSON.stringify({ INTERCOM_ACCESS_TOKEN: canary })
  const { code, stdout, stderr } = await run(
    ['import', '-', '--format', 'json', '--apply', '--data', home.data],
    { env: home.env, input },
  )
  assert.equal(code, exitCodes.ok, stderr)
  assert.ok(!stdout.includes(canary))
  assert.ok((await titles()).includes('Intercom'))
})

// The samples in docs/samples verify what the reference code signs, and refuse everything else.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { repository } from '../support/command-line.ts'

const folder = join(repository, 'docs', 'samples')
const secret = `whsec_${Buffer.alloc(32, 11).toString('base64')}`
const other = `whsec_${Buffer.alloc(32, 12).toString('base64')}`
const body = JSON.stringify({
  id: 'evt_1_a',
  data: { name: 'Ünï \u{1f600} "x"', list: [], big: 12345678901 },
})

type Given = { secret: string; headers: Record<string, string>; body: string }

function signed(secrets: readonly string[], offsetS = 0): Given {
  const now = new Date(Math.floor(Date.now() / 1_000 + offsetS) * 1_000)
  const signatures = secrets.map((one) => new Webhook(one).sign('evt_1_a', now, body))
  const headers = {
    'webhook-id': 'evt_1_a',
    'webhook-timestamp': String(now.getTime() / 1_000),
    'webhook-signature': signatures.join(' '),
  }
  return { secret, headers, body }
}

const genuine = signed([secret])
const good: Record<string, Given> = {
  'a delivery': genuine,
  'one that is signed with another secret too': signed([other, secret]),
  'four minutes late': signed([secret], -240),
  'four minutes early': signed([secret], 240),
}
const bad: Record<string, Given> = {
  'of another secret': signed([other]),
  'six minutes late': signed([secret], -360),
  'six minutes early': signed([secret], 360),
  'with another body': { ...genuine, body: `${body} ` },
  'with another id': { ...genuine, headers: { ...genuine.headers, 'webhook-id': 'evt_1_b' } },
  'without a signature': { ...genuine, headers: { ...genuine.headers, 'webhook-signature': '' } },
  'with a signature of nothing': { ...genuine, headers: { ...genuine.headers, 'webhook-signature': 'v1,' } },
  'with no time': { ...genuine, headers: { ...genuine.headers, 'webhook-timestamp': 'now' } },
}

/** Each reads what it is given on standard input, and ends with 0 where that is genuine. */
const samples: Record<string, { command: string; args: string[]; version: string }> = {
  TypeScript: {
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `import { verifyWebhook } from ${JSON.stringify(join(folder, 'verify-webhook.ts'))}
       let text = ''
       for await (const part of process.stdin) text += part
       const { secret, headers, body } = JSON.parse(text)
       console.log(JSON.stringify(verifyWebhook(secret, headers, body)))`,
    ],
    version: '--version',
  },
  Python: {
    command: 'python3',
    args: [
      '-c',
      `import json, sys; sys.path.insert(0, ${JSON.stringify(folder)}); sys.dont_write_bytecode = True
from verify_webhook import verify_webhook
given = json.load(sys.stdin)
print(json.dumps(verify_webhook(given["secret"], given["headers"], given["body"].encode())))`,
    ],
    version: '--version',
  },
  PHP: {
    command: 'php',
    args: [
      '-r',
      `require ${JSON.stringify(join(folder, 'verify_webhook.php'))};
       $given = json_decode(stream_get_contents(STDIN), true);
       echo json_encode(verify_webhook($given['secret'], $given['headers'], $given['body']));`,
    ],
    version: '--version',
  },
}

for (const [name, { command, args, version }] of Object.entries(samples)) {
  const isThere = spawnSync(command, [version]).status === 0
  const skip = isThere || process.env.CI ? false : `there is no ${command} on this machine`
  test(`the sample in ${name} accepts what is genuine, and nothing else`, { skip }, () => {
    const run = (given: Given) => spawnSync(command, args, { input: JSON.stringify(given), encoding: 'utf8' })
    for (const [what, given] of Object.entries(good)) {
      const { status, stdout, stderr } = run(given)
      assert.equal(status, 0, `${what}: ${stderr}`)
      assert.deepEqual(JSON.parse(stdout), JSON.parse(body), what)
    }
    for (const [what, given] of Object.entries(bad)) assert.notEqual(run(given).status, 0, what)
  })
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

test('a delivery verifies with openssl alone', { skip: hasOpenssl ? false : 'there is no openssl' }, () => {
  const { headers } = genuine
  const key = Buffer.from(secret.slice(6), 'base64').toString('hex')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const digest = execFileSync(
    'openssl',
    ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`, '-binary'],
    {
      input: text,
    },
  )
  assert.equal(headers['webhook-signature'], `v1,${digest.toString('base64')}`)
})

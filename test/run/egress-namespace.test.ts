// The guard against real addresses: in a network namespace where they lead to honeypots, nobody comes to one.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { RigResult } from '../support/egress-rig.ts'

const rig = fileURLToPath(new URL('../support/egress-rig.ts', import.meta.url))

const some = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '100.64.0.1', '198.18.0.1', '::1', 'fd00:ec2::254']
const more = [
  ...['127.8.8.8', '172.16.0.1', '172.31.255.254', '192.168.0.1', '169.254.1.1', '169.254.170.2'],
  ...['100.100.100.200', '192.0.0.192', '168.63.129.16', '192.0.2.1', '198.51.100.1', '203.0.113.1'],
  ...['fd00::1', 'fd20:ce::254', '2001:db8::1', '2002:a00:1::1', '64:ff9b::a00:1', '::ffff:10.0.0.1'],
]
const addresses = process.env.TEST_SCALE === 'full' ? [...some, ...more] : some

/** As root it needs no user namespace, which some systems forbid. */
const unshare = ['unshare', process.getuid?.() === 0 ? '-n' : '-rn']
const own = addresses.filter((address) => !/^(127\.|::1$|::ffff:)/.test(address))
const setUp = [
  'ip link set lo up',
  ...own.map(
    (address) => `(ip address add ${address}/${address.includes(':') ? '128 nodad' : '32'} dev lo || true)`,
  ),
].join(' && ')

const isPossible =
  process.platform === 'linux' &&
  spawnSync('sh', ['-c', `${unshare.join(' ')} ip link set lo up`], { stdio: 'ignore' }).status === 0

test('private, special and metadata addresses are called through no door, and all doors say the same of all of them', {
  skip: !isPossible && 'NOT PROVEN HERE: this system lets the test make no network namespace (unshare, ip)',
  timeout: 110_000,
}, () => {
  const script = `${setUp} && exec "$0" "$@"`
  const [program = '', ...rest] = [...unshare, 'sh', '-c', script, process.execPath, rig, ...addresses]
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: 'utf8',
    env: { ...process.env, TEST_ENGINE: 'sqlite', NODE_TEST_CONTEXT: undefined },
    timeout: 100_000,
  })
  assert.equal(status, 0, stderr)
  const { reached, said, trapped } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as RigResult
  // Of IPv6, where the system has it.
  for (const address of addresses.filter((one) => !one.includes(':'))) {
    assert.ok(reached.includes(address), `the honeypot at ${address} is there`)
  }
  assert.deepEqual(trapped, [])
  const unreachable = '[502,{"detail":"The provider could not be reached.","code":"provider_unreachable"}]'
  const silent = (title: string) =>
    `["unreachable","${title} could not be reached. It is asked again later."]`
  const refused = 'egress_denied'
  for (const door of ['given to a connection', 'given to a webhook']) {
    assert.equal(said[door]?.length, 1, `${door}: ${said[door]}`)
    assert.ok(said[door]?.[0]?.startsWith(`[400,"${refused}"`), said[door]?.[0])
  }
  for (const what of ['named', 'stored', 'granted']) {
    assert.deepEqual(said[`proxy, ${what}`], [unreachable])
    const title = what === 'granted' ? 'PayPal' : 'ActiveCampaign'
    assert.deepEqual(said[`verification, ${what}`], [silent(title)])
  }
  assert.deepEqual(said.delivery, ['[null,"no_answer",null]'])
})

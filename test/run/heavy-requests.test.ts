// Requests made to cost much are refused at once, and a server that is given them answers everybody else meanwhile.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { type Answer, call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { chunk, handMadePng, plain, pngSignature, progressive } from '../support/pictures.ts'
import { type Served, start } from '../support/process.ts'
import { asObject, integrationsPath, required } from '../support/v2.ts'

const home = newHome()
let served: Served
let key: string
before(async () => {
  served = await start('serve', ['--data', home.data], { ...home.env, MORTISE_LOG_LEVEL: 'error' })
  key = keyIn(served.output().stdout)
  // Code that runs for the first time is slow; so is what is loaded with the first picture.
  for (let n = 0; n < 100; n++) await post(JSON.stringify({ name: [n] }))
  await post(withLogo(handMadePng(8, 8)))
})
after(async () => {
  await served.stop('SIGKILL')
  home.remove()
})

const jsonType = 'application/json'
const formType = 'application/x-www-form-urlencoded'
const multipartType = 'multipart/form-data; boundary=e'

const post = (body: string, type = jsonType, headers: Record<string, string> = {}) =>
  call(served.address, 'POST', integrationsPath, { key, body, headers: { 'content-type': type, ...headers } })

/** A body in which everything is right, and one member more, given as JSON. */
const bodyWith = (member: string, json: string) =>
  `${JSON.stringify(required).slice(0, -1)},${JSON.stringify(member)}:${json}}`
const withLogo = (bytes: Buffer) => bodyWith('logo', JSON.stringify(bytes.toString('base64')))

type Limits = { statuses: readonly number[]; answerMs: number; otherMs: number }

/**
 * The request is answered, and others who ask meanwhile are, each within its time. A busy machine may keep
 * anybody waiting: one of several attempts has to succeed. What costs too much never does.
 */
async function expectCheap(send: () => Promise<readonly Answer[]>, limits: Limits): Promise<void> {
  let best = { answerMs: Number.POSITIVE_INFINITY, otherMs: Number.POSITIVE_INFINITY }
  for (let attempt = 0; attempt < 40; attempt++) {
    const others = { areAsking: true, slowestMs: 0 }
    const asking = ask(others)
    const begun = performance.now()
    const answers = await send()
    const answerMs = performance.now() - begun
    others.areAsking = false
    await asking
    for (const { status, text } of answers) {
      assert.ok(limits.statuses.includes(status), `${status} ${text.slice(0, 300)}`)
    }
    if (answerMs + others.slowestMs < best.answerMs + best.otherMs) {
      best = { answerMs, otherMs: others.slowestMs }
    }
    if (best.answerMs < limits.answerMs && best.otherMs < limits.otherMs) return
    await wait(50)
  }
  assert.fail(`at best answered in ${best.answerMs.toFixed()} ms, others in ${best.otherMs.toFixed()} ms`)
}

async function ask(others: { areAsking: boolean; slowestMs: number }): Promise<void> {
  while (others.areAsking) {
    const begun = performance.now()
    await call(served.address, 'GET', '/healthz')
    others.slowestMs = Math.max(others.slowestMs, performance.now() - begun)
    await wait(2)
  }
}

describe('a body is refused within 200 ms, and others are answered within 100 ms', () => {
  const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const members = Array.from({ length: 100_000 }, (_, at) => `"${at.toString(36)}":1`).join(',')
  const pairs = Array.from({ length: 250_000 }, (_, at) => `${at.toString(36)}=1`).join('&')
  const parts = Array.from(
    { length: 30_000 },
    (_, at) => `--e\r\nContent-Disposition: form-data; name="${at}"\r\n\r\n1\r\n`,
  ).join('')
  const heavy: Record<string, readonly [body: string, type?: string]> = {
    'of 33 levels in metadata': [bodyWith('metadata', objects(33))],
    'of 5,000 levels': [lists(5_000)],
    'of 5,000 levels in metadata': [bodyWith('metadata', objects(5_000))],
    'of 1,000,000 levels': [lists(1_000_000)],
    'of 400,000 objects that do not end': ['{"a":'.repeat(400_000)],
    'of 100,000 members': [`{${members}}`],
    'of 100,000 members in metadata': [bodyWith('metadata', `{${members}}`)],
    'of one member given 300,000 times': [`{${'"a":1,'.repeat(300_000)}"a":1}`],
    'of 1,000,000 elements': [`[${'0,'.repeat(999_999)}0]`],
    'of 990,000 elements in metadata': [bodyWith('metadata', `{"a":[${'0,'.repeat(990_000)}0]}`)],
    'of 600,000 empty lists': [`[${'[],'.repeat(600_000)}[]]`],
    'of 600,000 empty objects and an escape': [`{"x":"\\u0041","a":[${'{},'.repeat(600_000)}{}]}`],
    'of 10 MB in one string': [bodyWith('name', `"${'x'.repeat(10_000_000)}"`)],
    'of 900,000 escaped quotes': [bodyWith('name', `"${'\\"'.repeat(900_000)}"`)],
    'of an email that almost fits': [bodyWith('email', `"${'a.'.repeat(900_000)}@"`)],
    'of a number of 1,900,000 digits': [bodyWith('name', '9'.repeat(1_900_000))],
    'that is a form of 250,000 fields': [pairs, formType],
    'that is a form of 30,000 parts': [`${parts}--e--`, multipartType],
    'that is a form of 250,000 headers': [
      `--e\r\n${'A: b\r\n'.repeat(250_000)}\r\n1\r\n--e--`,
      multipartType,
    ],
  }
  for (const [what, [body, type]] of Object.entries(heavy)) {
    test(what, () =>
      expectCheap(
        async () => {
          // One far over the limit may be met by a hang-up: that is as good a refusal.
          const answer = post(body, type).catch((error: Error) => {
            if (body.length < 4_000_000) throw error
          })
          return [await answer].filter((met) => met !== undefined)
        },
        { statuses: [400, 413], answerMs: 200, otherMs: 100 },
      ),
    )
  }

  test('also with an Idempotency-Key, to which the whole body matters', async () => {
    for (const json of [`{${members}}`, `[${'0,'.repeat(990_000)}0]`, `[${'"",'.repeat(24_000)}""]`]) {
      await expectCheap(
        async () => [await post(bodyWith('metadata', json), jsonType, { 'idempotency-key': 'heavy' })],
        { statuses: [400], answerMs: 200, otherMs: 100 },
      )
    }
  })

  test('and none of it went wrong inside', () => {
    assert.doesNotMatch(served.output().stderr, /RangeError|unexpected/)
  })
})

describe('a logo is refused within 100 ms, and others are answered within 50 ms', () => {
  const limits = { statuses: [400], answerMs: 100, otherMs: 50 }
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const latin1 = (text: string) => Buffer.from(text, 'latin1')
  const none: Record<string, Buffer> = {
    SVG: latin1(svg),
    'SVG behind the magic of PNG': latin1(`\x89PNG\r\n\x1a\n${svg}`),
    'HTML behind the magic of GIF': latin1('GIF89a<script>alert(1)</script>'),
    'JavaScript that is nearly a GIF': latin1('GIF89a=1;alert(1)'),
    'PDF behind the magic of JPEG': latin1('\xff\xd8\xff%PDF-1.7\n1 0 obj\n<<>>\nendobj'),
    'an icon': Buffer.from('0000010001004040000001002000000000001600000000', 'hex'),
    HEIF: latin1('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic'),
    AVIF: latin1('\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif'),
    'JPEG XL': latin1('\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a'),
    'a box of no size': latin1(`\x00\x00\x00\x00ftypavif${'\x00'.repeat(900_000)}`),
    '1 MiB of marks that begin a JPEG': latin1(`\xff\xd8\xff${'\xff\xda'.repeat(500_000)}`),
    '1 MiB of chunks of no length': Buffer.concat([pngSignature, Buffer.alloc(1_000_000)]),
  }
  for (const [what, bytes] of Object.entries(none)) {
    test(what, () => expectCheap(async () => [await post(withLogo(bytes))], limits))
  }

  const zeros = deflateSync(Buffer.alloc(300_000_000))
  const named = (bytes: Buffer) => Buffer.concat([latin1('a\0\0'), bytes])
  const small = named(deflateSync(Buffer.alloc(500)))
  const bombs: Record<string, () => Buffer | Promise<Buffer>> = {
    'PNG of 20,000 × 20,000': () => handMadePng(20_000, 20_000),
    'PNG 2³¹−1 wide': () => handMadePng(2 ** 31 - 1, 1, { pixels: Buffer.alloc(9) }),
    'PNG 2³¹−1 high': () => handMadePng(1, 2 ** 31 - 1, { pixels: Buffer.alloc(9) }),
    'PNG of no width': () => handMadePng(0, 8),
    'PNG of no height': () => handMadePng(8, 0),
    'PNG with 10,000 tiny chunks': () =>
      handMadePng(8, 8, { chunks: Array.from({ length: 10_000 }, () => chunk('tEXt', latin1('a\0b'))) }),
    'PNG with a text that unpacks to 300 MB': () =>
      handMadePng(8, 8, { chunks: [chunk('zTXt', named(zeros))] }),
    'PNG with a colour profile that unpacks to 300 MB': () =>
      handMadePng(8, 8, { chunks: [chunk('iCCP', named(zeros))] }),
    'PNG with 1,900 packed texts': () =>
      handMadePng(8, 8, { chunks: Array.from({ length: 1_900 }, () => chunk('zTXt', small)) }),
    'PNG with a wrong checksum': () => {
      const bytes = handMadePng(8, 8)
      bytes.writeUInt8(bytes.readUInt8(29) ^ 1, 29)
      return bytes
    },
    'PNG whose pixels are cut short': () => {
      const bytes = handMadePng(64, 64, { pixels: deflateSync(Buffer.alloc(20)) })
      return bytes
    },
    'JPEG of 65,535 × 65,535': async () => {
      const bytes = await plain(1).jpeg().toBuffer()
      const size = bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5
      bytes.writeUInt16BE(65_535, size)
      bytes.writeUInt16BE(65_535, size + 2)
      return bytes
    },
    'JPEG of 16 megapixels with 1,000 scans': () => progressive({ width: 4_000, height: 4_000 }, 1_000),
    'WebP whose length is too large': async () => {
      const bytes = await plain(1).webp().toBuffer()
      bytes.writeUInt32LE(0xffff_ffff, 4)
      return bytes
    },
    'WebP whose length is too small': async () => {
      const bytes = await plain(1).webp().toBuffer()
      bytes.writeUInt32LE(10, 4)
      return bytes
    },
  }
  for (const [what, make] of Object.entries(bombs)) {
    test(what, async () => {
      const body = withLogo(await make())
      await expectCheap(async () => [await post(body)], limits)
    })
  }

  const noProc = process.platform !== 'linux' && 'there is no /proc to ask'
  test('one of 20,000 × 20,000 ten times at once, for less than 10 MiB', { skip: noProc }, async () => {
    const body = withLogo(handMadePng(20_000, 20_000))
    const tenAtOnce = () => Promise.all(Array.from({ length: 10 }, () => post(body)))
    // What bodies take while they arrive is taken by then.
    await tenAtOnce()
    const peakKib = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${served.child.pid}/status`, 'utf8'))?.[1])
    const before = peakKib()
    await expectCheap(tenAtOnce, limits)
    const grownKib = peakKib() - before
    assert.ok(grownKib < 10 * 1024, `it grew by ${grownKib} KiB`)
  })

  test('and the next one is taken', async () => {
    const { status, text, body } = await post(withLogo(handMadePng(8, 8)))
    assert.equal(status, 201, text)
    assert.match(String(asObject(body).logo), /\.png$/)
  })
})

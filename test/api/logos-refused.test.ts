// What is no logo: refused in the contract's words, at once, and without leaving anything behind.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import {
  at,
  chunk,
  handMadePng,
  keptNames,
  logoOf,
  noise,
  notAnImage,
  plain,
  pngSignature,
} from '../support/pictures.ts'
import { asObject, expectAnswer, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

let v2: V2
let id: string
let shown: string
let png: Buffer
let jpeg: Buffer
let webp: Buffer
before(async () => {
  v2 = await startV2()
  png = await plain(1, { width: 64, height: 64 }).png().toBuffer()
  jpeg = await noise(64, 64).jpeg().toBuffer()
  webp = await noise(64, 64).webp().toBuffer()
  id = await v2.create(integrationsPath, { logo: png.toString('base64') })
  shown = logoOf(await v2.send('GET', at(id)))
})
after(() => v2.api.close())

const given = (logo: unknown) => v2.send('PATCH', at(id), { name: 'Changed', logo })
const bytesGiven = (bytes: Buffer) => given(bytes.toString('base64'))
const fileGiven = (bytes: Buffer, type: string) => {
  const form = new FormData()
  form.append('logo', new File([new Uint8Array(bytes)], 'logo.png', { type }))
  return v2.send('PATCH', at(id), form)
}

async function expectRefused(bytes: Buffer, what: string): Promise<void> {
  for (const answer of [await bytesGiven(bytes), await fileGiven(bytes, 'image/png')]) {
    assert.deepEqual([answer.status, answer.body], [400, notAnImage], what)
  }
}

describe('text that is no clean base64 of a picture', () => {
  const unclean: ReadonlyArray<readonly [string, (clean: string) => string]> = [
    ['without its padding', (clean) => clean.replace(/=+$/, '')],
    ['with more padding', (clean) => `${clean}=`],
    ['in the url-safe alphabet', (clean) => clean.replaceAll('+', '-').replaceAll('/', '_')],
    ['with a newline at its end', (clean) => `${clean}\n`],
    ['with newlines, as MIME breaks it', (clean) => clean.replaceAll(/.{76}/g, '$&\r\n')],
    ['with junk in it', (clean) => `${clean.slice(0, 8)}*&^%${clean.slice(8)}`],
    ['with something behind it', (clean) => `${clean}trailing`],
    ['with padding in its middle', (clean) => `${clean.slice(0, 10)}==${clean.slice(10)}`],
    [
      'with bits after the last byte that are not zero',
      (clean) =>
        clean.replace(/[AQgw]==$/, (end) => `${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[end[0] ?? ''] ?? ''}==`),
    ],
    ['percent-encoded', (clean) => encodeURIComponent(clean)],
    ['with a data URL of another kind', (clean) => `data:text/html;base64,${clean}`],
    ['with a data URL of SVG', (clean) => `data:image/svg+xml;base64,${clean}`],
    ['with a data URL that is not base64', (clean) => `data:image/png,${clean}`],
    ['with two data URLs', (clean) => `data:image/png;base64,data:image/png;base64,${clean}`],
    ['with a data URL and nothing behind', () => 'data:image/png;base64,'],
  ]
  for (const [how, spoil] of unclean) {
    test(`${how} is 400 on logo`, async () => {
      // Two bytes of padding, an alphabet's last two letters, and more than one line.
      let clean = ''
      for (let more = 0; !/[AQgw]==$/.test(clean) || !/[+/]/.test(clean); more++) {
        clean = Buffer.concat([png, Buffer.from([0xfb, 0xff, 0xfe]), Buffer.alloc(more)]).toString('base64')
      }
      assert.notEqual(spoil(clean), clean)
      assert.equal((await v2.send('POST', integrationsPath, { ...required, logo: clean })).status, 201)
      expectAnswer(await given(spoil(clean)), 400, notAnImage)
    })
  }

  test('a path, an address, a character, nothing, a number, a list and an object are 400 on logo', async () => {
    const odd = [
      '../../../etc/passwd',
      'https://example.com/a.png',
      'file:///etc/passwd',
      'x',
      '',
      7,
      true,
      [],
      [png.toString('base64')],
      {},
    ]
    for (const logo of odd) {
      const { status, body } = await given(logo)
      assert.equal(status, 400, JSON.stringify(logo))
      const { logo: told, ...others } = asObject(body)
      assert.ok(Array.isArray(told) && told.length === 1 && typeof told[0] === 'string' && told[0] !== '')
      assert.deepEqual(others, {})
    }
  })

  test('a data URL that declares another kind than its bytes is 400', async () => {
    for (const declared of ['jpeg', 'jpg', 'gif', 'webp', 'bmp']) {
      expectAnswer(await given(`data:image/${declared};base64,${png.toString('base64')}`), 400, notAnImage)
    }
  })
})

test('what is no PNG, JPEG, GIF or WebP by its content is 400, whatever it is called', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const texts = {
    svg,
    'svg with xml': `<?xml version="1.0"?>${svg}`,
    html: '<!doctype html><script>1</script>',
    js: 'alert(1)',
    pdf: '%PDF-1.7\n1 0 obj\n<<>>\nendobj',
    zip: 'PK\x03\x04',
    'svg behind PNG magic': `\x89PNG\r\n\x1a\n${svg}`,
    'html behind GIF magic': 'GIF89a<script>alert(1)</script>',
    'js that is nearly a GIF': 'GIF89a=1;alert(1)',
    'html behind JPEG magic': '\xff\xd8\xff<html><script>1</script>',
    'half a PNG magic': '\x89PNG',
    'RIFF of sound': 'RIFF\x24\x00\x00\x00WAVEfmt ',
    heic: '\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic',
    jxl: '\xff\x0a\xfa\x1f',
    'jxl box': '\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a',
    'box of no size': '\x00\x00\x00\x00ftypavif',
  }
  for (const [what, text] of Object.entries(texts)) await expectRefused(Buffer.from(text, 'latin1'), what)
  const ico = Buffer.concat([
    Buffer.from([0, 0, 1, 0, 1, 0, 64, 64, 0, 0, 1, 0, 32, 0]),
    Buffer.alloc(4),
    Buffer.from([22, 0, 0, 0]),
    png,
  ])
  const bmp = Buffer.from(
    '424d3a0000000000000036000000280000000100000001000000010018000000000004000000000000000000000000000000000000000000ff00',
    'hex',
  )
  await expectRefused(ico, 'ico')
  await expectRefused(bmp, 'bmp')
  await expectRefused(await plain(1).tiff().toBuffer(), 'tiff')
  await expectRefused(await plain(1).avif({ effort: 0 }).toBuffer(), 'avif')
})

test('a picture that is cut short, damaged or impossible is 400', async () => {
  const wrongRiff = Buffer.from(webp)
  wrongRiff.writeUInt32LE(0x7fffffff, 4)
  const flipped = Buffer.from(png)
  flipped.writeUInt8(flipped.readUInt8(60) ^ 0xff, 60)
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0])
  const wrongCrc = Buffer.concat([pngSignature, chunk('IHDR', header, true), png.subarray(33)])
  const fewPixels = handMadePng(512, 512, { pixels: deflateSync(Buffer.alloc(10)) })
  const broken: Record<string, Buffer> = {
    'PNG of its head only': png.subarray(0, 33),
    'PNG cut in its pixels': png.subarray(0, png.length - 40),
    'PNG with a flipped byte': flipped,
    'PNG with a wrong checksum': wrongCrc,
    'PNG with too few pixels': fewPixels,
    'PNG 0 wide': handMadePng(0, 8),
    'PNG of nothing but its magic': pngSignature,
    'JPEG cut in half': jpeg.subarray(0, jpeg.length >> 1),
    'JPEG of three bytes': jpeg.subarray(0, 3),
    'GIF cut short': (await noise(64, 64).gif().toBuffer()).subarray(0, 400),
    'WebP cut in half': webp.subarray(0, webp.length >> 1),
    'WebP of the wrong length': wrongRiff,
  }
  for (const [what, bytes] of Object.entries(broken)) await expectRefused(bytes, what)
})

describe('too large', () => {
  async function expectLimitTold(bytes: Buffer, limit: RegExp, what: string): Promise<void> {
    for (const answer of [await bytesGiven(bytes), await fileGiven(bytes, 'image/png')]) {
      assert.equal(answer.status, 400, `${what} ${answer.text}`)
      const { logo, ...others } = asObject(answer.body)
      assert.ok(Array.isArray(logo) && logo.length === 1)
      assert.match(String(logo[0]), limit, what)
      assert.deepEqual(others, {})
    }
  }

  test('by one byte beyond 1 MiB is 400 and names the limit', async () => {
    const bytes = Buffer.concat([png, Buffer.alloc(1_048_577 - png.length)])
    await expectLimitTold(bytes, /1[ ,_.]?048[ ,_.]?576|1 MiB/, 'one byte more')
  })

  test('by more than the body may have is 413', async () => {
    const { status } = await bytesGiven(Buffer.alloc(1_600_000, 1))
    assert.equal(status, 413)
  })

  test('by one pixel beyond 4096 on a side, or beyond 16 megapixels, is 400 and names the limit', async () => {
    for (const [width, height] of [
      [4097, 1],
      [1, 4097],
      [4097, 4097],
    ] as const) {
      await expectLimitTold(handMadePng(width, height), /4[ ,_.]?096/, `${width}×${height}`)
    }
    await expectLimitTold(handMadePng(4096, 4000), /16/, '16.4 megapixels')
    for (const format of ['jpeg', 'webp', 'gif'] as const) {
      const wide = await plain(1, { width: 4_100, height: 4 }).toFormat(format).toBuffer()
      await expectLimitTold(wide, /4[ ,_.]?096/, format)
    }
  })

  test('is not a picture of 4096 on a side', async () => {
    for (const [width, height] of [
      [4096, 2],
      [2, 4096],
    ] as const) {
      const answer = await v2.send('POST', integrationsPath, {
        ...required,
        logo: handMadePng(width, height).toString('base64'),
      })
      assert.equal(answer.status, 201, answer.text)
    }
  })

  test('by its header is refused at once and without being decoded, ten at a time too', async () => {
    const bomb = handMadePng(20_000, 20_000)
    assert.ok(bomb.length < 100_000)
    const claims = [
      bomb,
      handMadePng(2 ** 31 - 1, 2 ** 31 - 1, { pixels: Buffer.alloc(9) }),
      handMadePng(65_535, 65_535, { pixels: Buffer.alloc(9) }),
    ]
    await bytesGiven(bomb)
    const residentBefore = process.memoryUsage().rss
    for (const bytes of claims) {
      const started = performance.now()
      const answers = await Promise.all(Array.from({ length: 10 }, () => bytesGiven(bytes)))
      assert.ok(performance.now() - started < 1_000, 'ten took more than a second')
      for (const { status, body } of answers)
        assert.deepEqual([status, Object.keys(asObject(body))], [400, ['logo']])
    }
    // Decoded, the first alone would be 400 MB and more.
    assert.ok(process.memoryUsage().rss - residentBefore < 150_000_000, 'it was decoded')
  })

  test('once unpacked or put together: texts, colour profiles, ten thousand chunks, a thousand scans', async () => {
    const zeros = deflateSync(Buffer.alloc(30_000_000))
    const named = (name: string) => Buffer.concat([Buffer.from(`${name}\0\0`, 'latin1'), zeros])
    const tiny = Array.from({ length: 10_000 }, () => chunk('tEXt', Buffer.from('a\0b')))
    const international = Buffer.concat([Buffer.from('Comment\0\x01\0en\0Kommentar\0', 'latin1'), zeros])
    const oneOfMany = Buffer.concat([Buffer.from('a\0\0', 'latin1'), deflateSync(Buffer.alloc(100_000))])
    const pngs = [
      [chunk('zTXt', named('Comment'))],
      [chunk('iCCP', named('icc'))],
      [chunk('iTXt', international)],
      Array.from({ length: 20 }, () => chunk('zTXt', oneOfMany)),
      tiny,
    ].map((chunks) => handMadePng(8, 8, { chunks }))
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    const scans = Array.from({ length: 1_000 }, () => jpeg.subarray(scan, scan + 40))
    const costly = [...pngs, Buffer.concat([jpeg.subarray(0, scan), ...scans, jpeg.subarray(scan)])]
    for (const bytes of costly) {
      const started = performance.now()
      const { status, text } = await bytesGiven(bytes)
      assert.equal(status, 400, text)
      assert.ok(performance.now() - started < 2_000, 'it took more than two seconds')
    }
    assert.equal((await bytesGiven(handMadePng(8, 8, { chunks: [chunk('zTXt', oneOfMany)] }))).status, 200)
    await v2.send('PUT', at(id), { ...required, logo: png.toString('base64') })
  })
})

test('a refused picture leaves nothing: no row, no change, and the old logo is still served', async () => {
  const rows = await keptNames(v2)
  const before = await v2.send('GET', at(id))
  assert.equal(logoOf(before), shown)
  await expectRefused(jpeg.subarray(0, 200), 'cut')
  await bytesGiven(handMadePng(5_000, 5_000))
  // A sound picture in a body that is refused for another member, or for an id that is taken.
  const sound = (await plain(77).png().toBuffer()).toString('base64')
  assert.equal((await v2.send('PATCH', at(id), { logo: sound, email: 'x' })).status, 400)
  assert.equal((await v2.send('POST', integrationsPath, { ...required, id, logo: sound })).status, 400)
  assert.equal((await v2.send('PATCH', at(id), { logo: sound, id: '1' })).status, 400)
  assert.equal((await v2.send('PATCH', at('absent'), { logo: sound })).status, 404)
  assert.deepEqual((await keptNames(v2)).toSorted(), rows.toSorted())
  assert.equal((await v2.send('GET', at(id))).text, before.text)
})

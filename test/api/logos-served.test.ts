// What is served for a logo: a bare picture with safe headers, drawn anew, and to be kept for ever.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { chunk, logoOf, pathOf, plain, type Served, serve } from '../support/pictures.ts'
import { answerTo, requestText } from '../support/raw-http.ts'
import { expectAnswer, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2({ publicUrl: 'https://hub.example.com' })
})
after(() => v2.api.close())

async function shownFor(bytes: Buffer): Promise<string> {
  return logoOf(await v2.send('POST', integrationsPath, { ...required, logo: bytes.toString('base64') }))
}

/** The same headers for everybody, whatever else they hold. */
function expectHeaders({ headers }: Served, type: string): void {
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
  assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin')
  assert.match(headers.get('cache-control') ?? '', /^public, max-age=31536000, immutable$/)
  assert.match(headers.get('etag') ?? '', /^"[^"]+"$/)
  for (const name of ['set-cookie', 'server', 'x-powered-by', 'vary'])
    assert.equal(headers.get(name), null, name)
  const kind = type === 'jpeg' ? '(jpeg|jpg)' : type
  assert.equal(headers.get('content-type'), `image/${type}`)
  assert.match(headers.get('content-disposition') ?? '', new RegExp(`^inline; filename="logo\\.${kind}"$`))
}

describe('the address of a logo', () => {
  test('is absolute, on the public address, and ends with the kind of the picture', async () => {
    for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
      const shown = await shownFor(await plain(1).toFormat(format).toBuffer())
      const [, name = '', kind] =
        /^https:\/\/hub\.example\.com\/media\/logos\/([A-Za-z0-9_-]+)\.(\w+)$/.exec(shown) ?? []
      assert.ok(name.length >= 22, `${shown} has too few letters to be unguessable`)
      assert.equal(kind, format)
      const served = await serve(v2, shown)
      assert.equal(served.status, 200)
      expectHeaders(served, format)
      assert.equal((await sharp(served.bytes).metadata()).format, format)
    }
  })

  test('answers the same to anybody: without a key, with a wrong one, with cookies, for images only', async () => {
    const shown = await shownFor(await plain(2).png().toBuffer())
    const bare = await serve(v2, shown)
    for (const headers of [
      { authorization: 'Token wrong' },
      { cookie: 'session=x' },
      { accept: 'image/avif,image/webp,image/png,*/*;q=0.8' },
      { accept: 'image/png' },
      { accept: 'image/*' },
      { origin: 'https://evil.example' },
    ]) {
      const served = await serve(v2, shown, headers)
      assert.equal(served.status, 200, JSON.stringify(headers))
      assert.deepEqual(served.bytes, bare.bytes)
      expectHeaders(served, 'png')
    }
  })

  test('answers HEAD as GET without the body, with a slash behind it too', async () => {
    const path = pathOf(await shownFor(await plain(3).png().toBuffer()))
    const varying = ['date', 'x-request-id']
    const told = ({ headers }: { headers: ReadonlyMap<string, string> }) =>
      [...headers].filter(([name]) => !varying.includes(name)).toSorted()
    for (const at of [path, `${path}/`]) {
      const get = await answerTo(v2.api.address, requestText('GET', at))
      const head = await answerTo(v2.api.address, requestText('HEAD', at), { head: true })
      assert.deepEqual([get.status, head.status, head.text], [200, 200, ''])
      assert.deepEqual(told(head), told(get))
    }
  })

  test('answers 304 without a body to who has the picture, and the picture to who has another', async () => {
    const shown = await shownFor(await plain(4).png().toBuffer())
    const etag = (await serve(v2, shown)).headers.get('etag') ?? ''
    for (const has of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, bytes, headers } = await serve(v2, shown, { 'if-none-match': has })
      assert.deepEqual([status, bytes.length], [304, 0], has)
      assert.equal(headers.get('etag'), etag)
      assert.match(headers.get('cache-control') ?? '', /immutable/)
    }
    for (const has of ['"other"', etag.slice(1, -1)]) {
      assert.equal((await serve(v2, shown, { 'if-none-match': has })).status, 200, has)
    }
  })

  test('of another name is 404 in JSON: cut, changed, of another kind, with a path or nothing in it', async () => {
    const path = pathOf(await shownFor(await plain(5).png().toBuffer()))
    const name = path.split('/').at(-1) ?? ''
    const wrong = [
      name.slice(1),
      name.slice(0, -4),
      name.replace('.png', '.webp'),
      name.replace('.png', '.PNG'),
      `${name}.png`,
      `${'A'.repeat(43)}.png`,
      '%2e%2e%2fmortise.db',
      '..%5c..%5cmortise.db',
      `${name}%00`,
      '%25',
      '1',
      "'%20OR%201=1--.png",
    ]
    for (const other of wrong) {
      const answer = await answerTo(v2.api.address, requestText('GET', `/media/logos/${other}`))
      assert.deepEqual([answer.status, JSON.parse(answer.text)], [404, { detail: 'Not found.' }], other)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json\b/)
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expectAnswer(await v2.send(method, path), 405, { detail: `Method "${method}" not allowed.` })
    }
  })
})

describe('the picture that is served', () => {
  const canary = 'canary-59.3293N-18.0686E'

  test('has nothing in it but pixels: no EXIF, position, XMP, colour profile, comment or bytes behind it', async () => {
    const exif = {
      IFD0: { Copyright: canary, ImageDescription: canary },
      IFD3: { GPSLatitude: '59/1 19/1 45/1', GPSAreaInformation: canary },
    }
    const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">${canary}</x:xmpmeta><?xpacket end="w"?>`
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const described = await plain(6)
        .toFormat(format)
        .withExif(exif)
        .withXmp(xmp)
        .withIccProfile('p3')
        .toBuffer()
      const commented =
        format === 'jpeg'
          ? Buffer.concat([
              described.subarray(0, 2),
              Buffer.from([0xff, 0xfe, 0, canary.length + 2]),
              Buffer.from(canary),
              described.subarray(2),
            ])
          : described
      const withText =
        format === 'png'
          ? Buffer.concat([
              commented.subarray(0, 33),
              chunk('tEXt', Buffer.from(`Comment\0${canary}`)),
              commented.subarray(33),
            ])
          : commented
      const bytes =
        format === 'webp' ? withText : Buffer.concat([withText, Buffer.from(`<script>${canary}</script>`)])
      assert.ok(bytes.includes(canary), 'the canary is in what is uploaded')
      const served = await serve(v2, await shownFor(bytes))
      for (const trace of [canary, 'Exif', 'xmpmeta', '<script', 'tEXt', 'iCCP', 'eXIf', 'GPS']) {
        assert.ok(!served.bytes.includes(trace), `${trace} is in the ${format}`)
      }
      const { exif: found, xmp: foundXmp, icc, comments } = await sharp(served.bytes).metadata()
      assert.deepEqual([found, foundXmp, icc, comments], [undefined, undefined, undefined, undefined], format)
    }
  })

  test('has no comment of a GIF', async () => {
    const gif = await plain(6).gif().toBuffer()
    const comment = Buffer.concat([
      Buffer.from([0x21, 0xfe, canary.length]),
      Buffer.from(canary),
      Buffer.from([0]),
    ])
    const bytes = Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)])
    assert.ok(!(await serve(v2, await shownFor(bytes))).bytes.includes(canary))
  })

  test('stands upright as the camera meant it, though nothing in it says so any more', async () => {
    const left = { create: { width: 8, height: 8, channels: 3 as const, background: 'red' } }
    const picture = sharp({ create: { width: 16, height: 8, channels: 3, background: 'blue' } }).composite([
      { input: await sharp(left).png().toBuffer(), left: 0, top: 0 },
    ])
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const turned = await picture.clone().toFormat(format).withMetadata({ orientation: 6 }).toBuffer()
      const { bytes } = await serve(v2, await shownFor(turned))
      const { width, height, orientation = 1 } = await sharp(bytes).metadata()
      assert.deepEqual([width, height, orientation], [8, 16, 1], format)
      const pixels = await sharp(bytes).removeAlpha().raw().toBuffer()
      // Turned to the right, what was on the left is on top.
      assert.ok((pixels[3 * 12] ?? 0) > 200 && (pixels[pixels.length - 1] ?? 0) > 200, format)
    }
  })

  test('keeps its transparency and its colours', async () => {
    const glass = sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 10, g: 200, b: 30, alpha: 0.5 } },
    })
    const { bytes } = await serve(v2, await shownFor(await glass.png().toBuffer()))
    const [r, g, b, alpha] = await sharp(bytes).ensureAlpha().raw().toBuffer()
    assert.deepEqual([r, g, b, alpha], [10, 200, 30, 128])
  })
})

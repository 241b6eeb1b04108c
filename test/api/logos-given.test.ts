// Giving an integration a logo: every way in, what changes nothing, and what removes it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { newAccount } from '../support/api.ts'
import { keyOf, replayed } from '../support/idempotency.ts'
import { animated, at, logoOf, noise, notAnImage, plain, serve } from '../support/pictures.ts'
import { asObject, expectAnswer, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

let v2: V2
let png: Buffer
let base64: string
before(async () => {
  v2 = await startV2()
  png = await plain(1).png().toBuffer()
  base64 = png.toString('base64')
})
after(() => v2.api.close())

const formWith = (logo: Blob | string, more: Record<string, string> = {}) => {
  const form = new FormData()
  for (const [name, text] of Object.entries(more)) form.append(name, text)
  if (typeof logo === 'string') form.append('logo', logo)
  else form.append('logo', logo, 'name.txt')
  return form
}
const fileOf = (bytes: Buffer, type = 'text/plain') => new File([new Uint8Array(bytes)], 'x', { type })
const shownBy = async (id: string) => asObject((await v2.send('GET', at(id))).body).logo

describe('a picture comes in', () => {
  for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
    test(`as ${format}, bare base64 or with its data URL, and is the same picture both ways`, async () => {
      const bytes = await plain(7).toFormat(format).toBuffer()
      const text = bytes.toString('base64')
      const bare = logoOf(await v2.send('POST', integrationsPath, { ...required, logo: text }))
      const declared = `data:image/${format};base64,${text}`
      const named = logoOf(await v2.send('POST', integrationsPath, { ...required, logo: declared }))
      assert.equal(named, bare)
      const served = await serve(v2, bare)
      assert.equal(served.status, 200)
      const { format: kind, width, height } = await sharp(served.bytes).metadata()
      assert.deepEqual([kind, width, height], [format, 8, 6])
    })
  }

  test('by POST, PATCH and PUT alike, shown as the same address wherever the integration is shown', async () => {
    const id = await v2.create(integrationsPath, { logo: base64 })
    const shown = await shownBy(id)
    for (const answer of [
      await v2.send('PATCH', at(id), { logo: base64 }),
      await v2.send('PUT', at(id), { ...required, logo: base64 }),
    ]) {
      assert.equal(logoOf(answer), shown)
    }
    const list = await v2.send('GET', `${integrationsPath}?page=last&page_size=100`)
    assert.ok(list.text.includes(JSON.stringify(shown)))
  })

  test('as the file of a multipart form, whatever its name and declared type', async () => {
    const created = await v2.send('POST', integrationsPath, formWith(fileOf(png), required))
    assert.equal(created.status, 201, created.text)
    const id = String(asObject(created.body).id)
    const asJson = logoOf(await v2.send('POST', integrationsPath, { ...required, logo: base64 }))
    assert.equal(logoOf(created), asJson)
    const other = await plain(2).jpeg().toBuffer()
    const changed = logoOf(await v2.send('PATCH', at(id), formWith(fileOf(other, 'image/png'))))
    assert.equal((await serve(v2, changed)).headers.get('content-type'), 'image/jpeg')
  })

  test('as base64 in the field of either form', async () => {
    const shown = logoOf(await v2.send('POST', integrationsPath, { ...required, logo: base64 }))
    const id = await v2.create(integrationsPath)
    assert.equal(logoOf(await v2.send('PATCH', at(id), formWith(base64))), shown)
    const encoded = new URLSearchParams({ ...required, logo: base64 })
    assert.equal(logoOf(await v2.send('PUT', at(id), encoded)), shown)
  })

  test('of exactly 1 MiB', async () => {
    const bytes = await noise(580, 590).png({ compressionLevel: 0 }).toBuffer()
    assert.ok(bytes.length < 1_048_576)
    // What comes behind the picture is not shown, but counts.
    const padded = Buffer.concat([bytes, Buffer.alloc(1_048_576 - bytes.length)])
    const id = await v2.create(integrationsPath)
    const { status, text } = await v2.send('PATCH', at(id), { logo: padded.toString('base64') })
    assert.equal(status, 200, text.slice(0, 200))
  })

  test('animated, and only its first frame is kept', async () => {
    for (const format of ['gif', 'webp'] as const) {
      const bytes = await animated(format)
      assert.equal((await sharp(bytes).metadata()).pages, 3)
      const logo = bytes.toString('base64')
      const served = await serve(v2, logoOf(await v2.send('POST', integrationsPath, { ...required, logo })))
      const { pages = 1, width, height } = await sharp(served.bytes, { animated: true }).metadata()
      assert.deepEqual([pages, width, height], [1, 8, 6], format)
      const [red = 0, green = 255, blue = 255] = await sharp(served.bytes).removeAlpha().raw().toBuffer()
      assert.ok(red > 200 && green < 50 && blue < 50, `${format} ${red} ${green} ${blue}`)
    }
  })

  test('with an Idempotency-Key, and its replay is the stored answer', async () => {
    const key = keyOf('a-logo')
    const body = { ...required, logo: base64, name: 'replayed' }
    const first = await v2.send('POST', integrationsPath, body, key)
    assert.ok(logoOf(first))
    replayed(await v2.send('POST', integrationsPath, body, key), first)
    const target = at(String(asObject(first.body).id))
    const patched = await v2.send('PATCH', target, formWith(fileOf(await plain(3).png().toBuffer())), key)
    assert.notEqual(logoOf(patched), logoOf(first))
    const again = await v2.send('PATCH', target, formWith(fileOf(await plain(3).png().toBuffer())), key)
    replayed(again, patched)
    const other = await v2.send('PATCH', target, formWith(fileOf(await plain(4).png().toBuffer())), key)
    assert.equal(other.status, 422, other.text)
    assert.equal(logoOf(await v2.send('GET', target)), logoOf(patched))
  })
})

describe('the address that GET shows, sent back,', () => {
  test('changes nothing: by PATCH, by PUT, in JSON and in forms', async () => {
    const id = await v2.create(integrationsPath, { logo: base64 })
    const before = await v2.send('GET', at(id))
    const logo = logoOf(before)
    for (const answer of [
      await v2.send('PATCH', at(id), { logo }),
      await v2.send('PUT', at(id), before.body),
      await v2.send('PATCH', at(id), new URLSearchParams({ logo })),
      await v2.send('PATCH', at(id), formWith(logo)),
    ]) {
      assert.equal(answer.status, 200)
      assert.equal(answer.text, before.text)
    }
    assert.deepEqual((await serve(v2, logo)).status, 200)
  })

  test('is 400 where it is not its own: another account has it, it is gone, made up, or of a new object', async () => {
    const stranger = await newAccount(v2.api)
    const headers = { authorization: `Token ${stranger.key}` }
    const theirs = logoOf(await v2.send('POST', integrationsPath, { ...required, logo: base64 }, headers))
    const id = await v2.create(integrationsPath, { logo: base64 })
    const own = String(await shownBy(id))
    const replaced = logoOf(
      await v2.send('PATCH', at(id), { logo: (await plain(9).png().toBuffer()).toString('base64') }),
    )
    const made = own.replace(/[^/]+\.png$/, `${'A'.repeat(43)}.png`)
    const elsewhere = `https://example.com/other/${new URL(replaced).pathname.split('/').at(-1)}`
    for (const logo of [theirs, made, elsewhere, `${replaced}?x=1`, `${replaced}.webp`]) {
      expectAnswer(await v2.send('PATCH', at(id), { logo, name: 'changed' }), 400, notAnImage)
      expectAnswer(await v2.send('PUT', at(id), { ...required, logo }), 400, notAnImage)
    }
    expectAnswer(await v2.send('POST', integrationsPath, { ...required, logo: theirs }), 400, notAnImage)
    const none = await v2.create(integrationsPath)
    expectAnswer(await v2.send('PATCH', at(none), { logo: theirs }), 400, notAnImage)
    const kept = asObject((await v2.send('GET', at(id))).body)
    assert.deepEqual([kept.logo, kept.name], [replaced, required.name])
  })
})

describe('a logo is removed', () => {
  const removals: ReadonlyArray<readonly [string, (id: string) => Promise<{ status: number }>]> = [
    ['by null in a PATCH', (id) => v2.send('PATCH', at(id), { logo: null })],
    ['by null in a PUT', (id) => v2.send('PUT', at(id), { ...required, logo: null })],
    ['by a PUT without it', (id) => v2.send('PUT', at(id), required)],
    [
      'by an empty field of a URL-encoded form',
      (id) => v2.send('PATCH', at(id), new URLSearchParams({ logo: '' })),
    ],
    ['by an empty field of a multipart form', (id) => v2.send('PATCH', at(id), formWith(''))],
    [
      'by the empty file field that a browser sends',
      (id) => v2.send('PATCH', at(id), formWith(new File([], ''))),
    ],
  ]
  for (const [how, remove] of removals) {
    test(how, async () => {
      const id = await v2.create(integrationsPath, { logo: base64 })
      assert.ok(await shownBy(id))
      assert.equal((await remove(id)).status, 200)
      assert.equal(await shownBy(id), null)
    })
  }

  test('and is kept by a PATCH that does not name it, and by renaming the integration', async () => {
    const id = await v2.create(integrationsPath, { logo: base64 })
    const shown = await shownBy(id)
    const renamed = await v2.send('PATCH', at(id), { id: `${id}-b`, name: 'Other' })
    assert.equal(logoOf(renamed), shown)
  })
})

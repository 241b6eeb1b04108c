// How long a picture is kept, under which name, and that drawing it is in nobody's way.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, newAccount } from '../support/api.ts'
import { at, keptNames, logoOf, pathOf, plain, serve } from '../support/pictures.ts'
import { asObject, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const pictureOf = async (seed: number) => (await plain(seed).png().toBuffer()).toString('base64')
const shownBy = async (id: string) => asObject((await v2.send('GET', at(id))).body).logo
const isServed = async (shown: string) => {
  const { status, headers } = await serve(v2, shown)
  if (status === 404) assert.equal(headers.get('cache-control'), 'no-store')
  return status === 200
}

test('two integrations with the same picture share one row, which goes with the last use', async () => {
  const logo = await pictureOf(1)
  const one = await v2.create(integrationsPath, { logo })
  const two = await v2.create(integrationsPath, { logo })
  const shown = String(await shownBy(one))
  assert.equal(await shownBy(two), shown)
  const rows = async () => (await keptNames(v2)).filter((name) => shown.endsWith(name)).length
  assert.equal(await rows(), 1)
  assert.equal((await v2.send('DELETE', at(one))).status, 204)
  assert.deepEqual([await rows(), await isServed(shown)], [1, true])
  assert.equal((await v2.send('PATCH', at(two), { logo: null })).status, 200)
  assert.deepEqual([await rows(), await isServed(shown)], [0, false])
})

test('a picture is 404 once its last use was deleted, replaced, removed or left out of a PUT', async () => {
  const ends: ReadonlyArray<(id: string) => Promise<{ status: number }>> = [
    (id) => v2.send('DELETE', at(id)),
    async (id) => v2.send('PATCH', at(id), { logo: await pictureOf(500) }),
    async (id) => v2.send('PUT', at(id), { ...required, logo: await pictureOf(501) }),
    (id) => v2.send('PATCH', at(id), { logo: null }),
    (id) => v2.send('PUT', at(id), required),
  ]
  for (const [seed, end] of ends.entries()) {
    const id = await v2.create(integrationsPath, { logo: await pictureOf(100 + seed) })
    const shown = String(await shownBy(id))
    const before = (await keptNames(v2)).length
    assert.equal(await isServed(shown), true)
    assert.ok((await end(id)).status < 300)
    assert.equal(await isServed(shown), false, `end ${seed}`)
    assert.ok(!(await keptNames(v2)).some((name) => shown.endsWith(name)))
    assert.ok((await keptNames(v2)).length <= before)
  }
})

test('a picture that is gone is served again under its name once it is given again', async () => {
  const logo = await pictureOf(2)
  const id = await v2.create(integrationsPath, { logo })
  const shown = String(await shownBy(id))
  await v2.send('PATCH', at(id), { logo: null })
  assert.equal(await isServed(shown), false)
  assert.equal(logoOf(await v2.send('PATCH', at(id), { logo })), shown)
  assert.equal(await isServed(shown), true)
})

test('the same bytes have another name in each account, and in each installation, and none tells the bytes', async () => {
  const logo = await pictureOf(3)
  const own = await v2.create(integrationsPath, { logo })
  const shown = String(await shownBy(own))
  const { id, key } = await newAccount(v2.api)
  const body = { ...required, logo }
  const theirs = logoOf(await call(v2.api.address, 'POST', integrationsPath, { key, body }))
  assert.notEqual(pathOf(theirs), pathOf(shown))
  assert.equal((await keptNames(v2, id)).length, 1)
  assert.deepEqual((await serve(v2, theirs)).bytes, (await serve(v2, shown)).bytes)
  // One account's last use is not the other's.
  assert.equal((await v2.send('DELETE', at(own))).status, 204)
  assert.deepEqual([await isServed(shown), await isServed(theirs)], [false, true])
  const other = await startV2()
  try {
    const elsewhere = logoOf(await other.send('POST', integrationsPath, body))
    assert.ok(![pathOf(shown), pathOf(theirs)].includes(pathOf(elsewhere)))
  } finally {
    await other.api.close()
  }
})

test('an account whose integrations are gone one by one keeps no picture', async () => {
  const { id, key } = await newAccount(v2.api)
  const made = await Promise.all(
    [1, 2, 3, 1, 2].map(async (seed) => {
      const body = { ...required, logo: await pictureOf(seed) }
      return String(asObject((await call(v2.api.address, 'POST', integrationsPath, { key, body })).body).id)
    }),
  )
  assert.equal((await keptNames(v2, id)).length, 3)
  const gone = await Promise.all(made.map((one) => call(v2.api.address, 'DELETE', at(one), { key })))
  assert.ok(gone.every(({ status }) => status === 204))
  assert.deepEqual(await keptNames(v2, id), [])
})

test('giving and removing the same picture at the same time never leaves an integration without its picture', async () => {
  const logo = await pictureOf(4)
  const ids = await Promise.all(Array.from({ length: 4 }, () => v2.create(integrationsPath, { logo })))
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      ids.map((id, index) => v2.send('PATCH', at(id), { logo: (index + round) % 2 === 0 ? logo : null })),
    )
    const [shown] = (await Promise.all(ids.map(shownBy))).filter((one) => one !== null)
    assert.equal(await isServed(String(shown)), true)
  }
})

test('a large picture that is being drawn keeps no other writer waiting', async () => {
  const heavy = (await plain(6, { width: 4_000, height: 4_000 }).webp().toBuffer()).toString('base64')
  const id = await v2.create(integrationsPath)
  let isDrawn = false
  const upload = v2.send('PATCH', at(id), { logo: heavy }).finally(() => {
    isDrawn = true
  })
  let writes = 0
  while (!isDrawn && writes < 20) {
    await v2.create(integrationsPath, { name: `while drawing ${writes}` })
    writes++
  }
  assert.ok(writes >= 3, `only ${writes} writes went through while a picture was drawn`)
  assert.equal((await upload).status, 200)
})

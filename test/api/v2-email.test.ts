// Which email addresses an integration takes: those that the documented API's framework takes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { asObject, expectAnswer, integrationsPath, startV2, type V2 } from '../support/v2.ts'

const invalid = 'Enter a valid email address.'
const tooLong = 'Ensure this field has no more than 254 characters.'

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const patch = (email: unknown) => v2.send('PATCH', one, { email })

/** A valid address of so many characters. */
function addressOf(characters: number): string {
  const domain = `@${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`
  return 'x'.repeat(characters - domain.length) + domain
}

describe('an address is taken', () => {
  for (const email of [
    'email@here.com',
    'faktura+gig@zerebra.com',
    'weirder-email@here.and.there.com',
    'example@valid-----hyphens.com',
    'example@valid-with-hyphens.com',
    'test@domain.with.idn.tld.उदाहरण.परीक्षा',
    'email@localhost',
    '"test@test"@example.com',
    `example@atm.${'a'.repeat(63)}`,
    `a@${'a'.repeat(63)}.us`,
    "!#$%&'*+/=?^_`{}|~-@example.com",
    'a.b@xn--bcher-kva.example',
    'UPPER@Example.COM',
    addressOf(254),
  ]) {
    test(email.slice(0, 50), async () => {
      const { status, body } = await patch(email)
      assert.equal(status, 200)
      assert.equal(asObject(body).email, email)
    })
  }
})

describe('an address at an IP literal is taken', () => {
  for (const email of ['email@[127.0.0.1]', 'email@[2001:dB8::1]', 'email@[::fffF:127.0.0.1]']) {
    test(email, async () => assert.equal((await patch(email)).status, 200))
  }
})

describe('what is no address is refused', () => {
  for (const email of [
    'abc',
    'abc@',
    '@abc.com',
    'abc@bar',
    'a @x.cz',
    'abc@.com',
    'something@@somewhere.com',
    'email@127.0.0.1',
    'email@[127.0.0.256]',
    'email@[2001:db8::12345]',
    'example@invalid-.com',
    'example@-invalid.com',
    'example@invalid.com-',
    'example@inv-.alid-.com',
    'test@example.com\n\n<script src="x.js">',
    'trailingdot@shouldfail.com.',
    `example@atm.${'a'.repeat(64)}`,
    'a..b@example.com',
    '.a@example.com',
    'a@example..com',
    'Name <a@example.com>',
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'å@example.com',
  ]) {
    test(JSON.stringify(email).slice(0, 50), async () => {
      expectAnswer(await patch(email), 400, { email: [invalid] })
    })
  }
})

test('another kind of value is no valid address, nor is a number', async () => {
  for (const value of [true, false, [], ['a@example.com'], {}, 5, 1.5]) {
    expectAnswer(await patch(value), 400, { email: [invalid] })
  }
})

test('null, blank and missing are told as such', async () => {
  expectAnswer(await patch(null), 400, { email: ['This field may not be null.'] })
  expectAnswer(await patch('  '), 400, { email: ['This field may not be blank.'] })
})

test('an address is trimmed and has at most 254 characters', async () => {
  const { body } = await patch(' albin@pinestreet.tech\n')
  assert.equal(asObject(body).email, 'albin@pinestreet.tech')
  expectAnswer(await patch(addressOf(255)), 400, { email: [tooLong] })
})

test('all that is wrong with one address is told', async () => {
  expectAnswer(await patch('x'.repeat(255)), 400, { email: [tooLong, invalid] })
  // Nobody looks at what is longer than an address can be.
  expectAnswer(await patch(addressOf(321)), 400, { email: [tooLong, invalid] })
  expectAnswer(await patch('a\0@example.com'), 400, { email: ['Null characters are not allowed.', invalid] })
})

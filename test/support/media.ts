// What answers that are no JSON must be: pictures, and the pages for people with what they load.
import assert from 'node:assert/strict'

/** Of ours, for people: nothing that it shows or loads is from anywhere else. */
export function expectPage({ headers }: { headers: ReadonlyMap<string, string> }): void {
  assert.match(
    headers.get('content-type') ?? '',
    /^(text\/(html|css|javascript); charset=utf-8|image\/svg\+xml)$/,
  )
  assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self'; /)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
}

/** Binary, and as safe in its own way as JSON is in the other. */
export function expectPicture({ headers }: { headers: ReadonlyMap<string, string> }): void {
  assert.match(headers.get('content-type') ?? '', /^image\/(png|jpeg|gif|webp)$/)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
  for (const name of ['x-powered-by', 'server', 'set-cookie']) assert.equal(headers.has(name), false, name)
}

/** For programs: nothing that a browser would run. */
export function expectText({ headers }: { headers: ReadonlyMap<string, string> }): void {
  assert.match(
    headers.get('content-type') ?? '',
    /^text\/(plain|markdown); (version=[\d.]+; )?charset=utf-8$/,
  )
  assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
}

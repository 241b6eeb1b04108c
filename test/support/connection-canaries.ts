// Secrets that can be looked for: marked so that no part and no spelling of one goes unseen in answers, logs and files.
import assert from 'node:assert/strict'
import type { Answer, TestApi } from './api.ts'
import { fieldsFor, fieldsOf, type Member, secretNamesOf } from './connections.ts'
import { spellingsOf } from './idempotency.ts'

/** Stands twice in every secret, which may show its last four characters. */
export const marker = 'CNRY7f3a+/0d'
export const secretOf = (name: string) => `${marker}-${name}-"&\\~ ${marker}-9fQ~z3`
/** What a secret looks like that is pasted where a name belongs. */
export const misplaced = 'CNRYkey0d5193ac4be77f-us6'
/** Stands in everything else of a body: shown to its owner, never logged. */
export const bodyMarker = 'BODY4c1e~!9a'

export const secretSpellings: readonly string[] = [...spellingsOf(marker), ...spellingsOf(misplaced)]
export const bodySpellings: readonly string[] = spellingsOf(bodyMarker)

/** A secret in every secret field, the body's marker in every other that takes any text. */
export function canaries(provider: string, mark = ''): Member {
  const secrets = secretNamesOf(provider).map((name) => [name, secretOf(`${name}${mark}`)])
  const plain = fieldsOf(provider)
    .filter(([, { isSecret, kind }]) => !isSecret && kind === 'text')
    .filter(([, { oneOf, pattern, isOrigin }]) => !oneOf && !pattern && !isOrigin)
    .map(([name]) => [name, `${bodyMarker} ${name}`])
  return { ...fieldsFor(provider), ...Object.fromEntries([...plain, ...secrets]) }
}

export const bodyFor = (provider: string, more: Member = {}): Member => ({
  provider,
  title: bodyMarker,
  metadata: { [bodyMarker]: bodyMarker },
  fields: canaries(provider),
  ...more,
})

export function holdsNone(haystack: string | Buffer, what: string, spellings: readonly string[]): void {
  for (const spelling of spellings) {
    const found = haystack.indexOf(spelling)
    if (found < 0) continue
    const around = Buffer.from(haystack.slice(Math.max(0, found - 100), found)).toString('latin1')
    assert.fail(`${what} holds ${spelling} after: ${around.replaceAll(/[^\x20-\x7e]/g, '.')}`)
  }
}

/** An answer that must hold no secret, headers included. */
export async function quiet(
  expected: number | readonly number[],
  answer: Promise<Answer>,
  what: string,
): Promise<Answer> {
  const { status, text, headers } = await answer
  assert.ok([expected].flat().includes(status), `${status} to ${what}: ${text.slice(0, 300)}`)
  holdsNone(text, `the answer to ${what}`, secretSpellings)
  holdsNone(JSON.stringify([...headers]), `a header of the answer to ${what}`, secretSpellings)
  return answer
}

/** No log line and no audit record holds a secret or a body, no file a secret, before and after a checkpoint. */
export async function expectNothingKept(api: TestApi): Promise<void> {
  await api.hub.flush()
  await fetch(`${api.address}/healthz?the-end`)
  while (!api.log().includes('the-end')) await new Promise((resolve) => setImmediate(resolve))
  holdsNone(api.log(), 'the log', [...secretSpellings, ...bodySpellings])

  const audit = JSON.stringify(await api.db.selectFrom('audit').selectAll().execute())
  assert.ok(audit.includes('connection.created'))
  holdsNone(audit, 'the audit trail', [...secretSpellings, ...bodySpellings])

  for (const files of [await api.store.files(), await api.store.settledFiles()]) {
    assert.ok(
      files.some((file) => file.includes(bodyMarker)),
      'what may be read is found this way',
    )
    for (const file of files) holdsNone(file, 'a data file', secretSpellings)
  }
}

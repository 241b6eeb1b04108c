// Compares the list of error codes with what the dialects answer and what the documentation says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { showError as showInV1 } from '../../src/dialects/v1/errors.ts'
import { showError as showInV2 } from '../../src/dialects/v2/errors.ts'
import { type ErrorCode, errorCodes, HubError } from '../../src/hub/errors.ts'

const documentation = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const rows = new Map(
  [...documentation.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) `(\w+)` \| (.+) \|$/gm)].map(
    ([, code = '', v2, v1, error, meaning]) => [code, { v2: Number(v2), v1: Number(v1), error, meaning }],
  ),
)

test('every error code is documented with its meaning and the status of both dialects', () => {
  const answered = Object.entries(errorCodes).map(([code, meaning]) => {
    const error = new HubError(code as ErrorCode, 'a message')
    const { status, body } = showInV1(error)
    return [
      code,
      { v2: showInV2(error).status, v1: status, error: new Map(Object.entries(body)).get('error'), meaning },
    ]
  })
  assert.deepEqual([...rows], answered)
})

test('every exit code is documented', () => {
  const documented = [...documentation.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code))
  assert.deepEqual(documented, Object.values(exitCodes))
})

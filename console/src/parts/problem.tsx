// What went wrong, why, and what to do: never a code alone.

import { Alert, Anchor, Text } from '@mantine/core'
import { MortiseError, MortiseUnreachable } from '@mortise/sdk'
import { texts } from '../texts.ts'

export function Problem({ error, title }: { error: unknown; title?: string }) {
  return (
    <Alert color="red" variant="outline" title={title ?? texts.problem.title} role="alert">
      <Text size="sm">{messageOf(error)}</Text>
      {error instanceof MortiseError && error.docUrl && (
        <Anchor size="sm" href={error.docUrl}>
          {texts.problem.more}
        </Anchor>
      )}
      {error instanceof MortiseError && error.status >= 500 && error.requestId && (
        <Text size="xs" c="dimmed" mt={4}>
          {texts.problem.request(error.requestId)}
        </Text>
      )}
    </Alert>
  )
}

export function messageOf(error: unknown): string {
  if (error instanceof MortiseUnreachable || error instanceof TypeError) return texts.problem.unreachable
  return error instanceof Error ? error.message : String(error)
}

/** What the hub says of each member, `fields.secret_key` for one within another. */
export function fieldErrorsOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof MortiseError)) return {}
  return Object.fromEntries(flat(error.fields, ''))
}

function flat(fields: object, prefix: string): [string, string][] {
  return Object.entries(fields).flatMap(([name, said]): [string, string][] => {
    if (Array.isArray(said)) return [[`${prefix}${name}`, said.join(' ')]]
    return typeof said === 'object' && said !== null ? flat(said, `${prefix}${name}.`) : []
  })
}

// Takes a change of a connection back: its settings as they were, and the credentials from before.
import { Alert, Button, Group, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AsCode } from '../code/as-code.tsx'
import { type Connection, type Mortise, mortise } from '../hub.ts'
import { Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'
import type { Given } from './connection-form.tsx'

export function UndoChange({ before, given }: { before: Connection; given: Given }) {
  const { id, integration, title, fields, secrets } = before
  const queryClient = useQueryClient()
  /** One that was not set before cannot be had back; it can be taken away. */
  const replaced = Object.keys(given.fields).filter((name) => secrets[name]?.set)
  const others = Object.keys(given.fields).filter((name) => !replaced.includes(name))
  const plain = Object.fromEntries(others.map((name) => [name, fields[name] ?? null]))
  const hasPlain = others.length > 0 || given.title !== title
  const change = (hub: Mortise) => hub.as(integration).connections.change(id, { title, fields: plain })
  const restore = (hub: Mortise) => hub.as(integration).connections.restore(id, { fields: replaced })
  const undo = useMutation({
    async mutationFn() {
      if (replaced.length > 0) await restore(mortise)
      if (hasPlain) await change(mortise)
    },
    onSettled: () => queryClient.invalidateQueries(),
  })
  if (replaced.length === 0 && !hasPlain) return null
  if (undo.isSuccess) {
    return (
      <Alert color="teal" variant="outline" role="status">
        {texts.undo.undone}
      </Alert>
    )
  }
  return (
    <>
      {undo.error && <Problem error={undo.error} />}
      <Alert color="teal" variant="outline" role="status">
        <Group justify="space-between">
          <Text size="sm">
            {texts.undo.saved} {replaced.length > 0 && texts.undo.credentials}
          </Text>
          <Group gap="xs">
            <AsCode act={replaced.length > 0 ? restore : change} />
            <Button size="xs" variant="default" onClick={() => undo.mutate()} loading={undo.isPending}>
              {texts.undo.undo}
            </Button>
          </Group>
        </Group>
      </Alert>
    </>
  )
}

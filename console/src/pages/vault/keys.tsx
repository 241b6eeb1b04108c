// The keys that seal: listed, rotated with progress, and dropped once nothing needs them.
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { AsCode } from '../../code/as-code.tsx'
import {
  type DataKey,
  dropKey,
  type RootKey,
  rotateDataKey,
  rotateRootKey,
  type VaultState,
} from '../../hub-operators.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Section } from '../../parts/page.tsx'
import { When } from '../../parts/when.tsx'
import { useSession } from '../../session/session.ts'
import { texts } from '../../texts.ts'
import { Rotation } from './rotation.tsx'

export function RootKeys({ keys, plan }: { keys: readonly RootKey[]; plan: VaultState['root_plan'] }) {
  const words = texts.vault.root
  return (
    <Section title={words.title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {words.help}
        </Text>
        <Keys
          keys={keys.map(({ wraps, ...key }) => ({ ...key, does: words.wraps(wraps), isNeeded: wraps > 0 }))}
        />
        <Rotation
          plan={plan.is_resumed ? words.resumed(plan.wraps) : words.plan(plan.wraps, plan.slots)}
          question={words.confirm}
          of={plan.wraps}
          isResumed={plan.is_resumed}
          rotate={rotateRootKey}
          command="mortise vault rotate"
        />
      </Stack>
    </Section>
  )
}

export function DataKeys({ keys, plan }: { keys: readonly DataKey[]; plan: VaultState['data_plan'] }) {
  const words = texts.vault.data
  const { account } = useSession()
  return (
    <Section title={words.title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {words.help}
        </Text>
        <Keys
          keys={keys.map(({ values, answers, ...key }) => ({
            ...key,
            does: words.values(values, answers),
            isNeeded: values + answers > 0,
          }))}
        />
        <Rotation
          plan={plan.is_resumed ? words.resumed(plan.values) : words.plan(plan.values)}
          question={words.confirm}
          of={plan.values}
          isResumed={plan.is_resumed}
          rotate={rotateDataKey}
          command={`mortise vault rotate --data --account ${account.id}`}
        />
      </Stack>
    </Section>
  )
}

type Shown = {
  readonly id: string
  readonly created_at: string
  readonly is_current: boolean
  readonly does: string
  readonly isNeeded: boolean
}

function Keys({ keys }: { keys: readonly Shown[] }) {
  const queryClient = useQueryClient()
  const [dropping, setDropping] = useState<Shown>()
  const drop = useMutation({
    mutationFn: ({ id }: Shown) => dropKey(id),
    async onSuccess() {
      setDropping(undefined)
      await queryClient.invalidateQueries({ queryKey: ['vault'] })
    },
  })
  return (
    <ul className="rows plain">
      {keys.map((key) => (
        <li className="line" key={key.id}>
          <Stack gap={2}>
            <Group gap="xs">
              <Text ff="monospace">{key.id}</Text>
              <Badge
                variant="light"
                color={key.is_current ? 'teal' : 'gray'}
                tt="none"
                fw={500}
                className="readable"
              >
                {key.is_current ? texts.vault.current : texts.vault.old}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {key.does} · {texts.vault.made} <When at={key.created_at} />
            </Text>
          </Stack>
          {!key.is_current && !key.isNeeded && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                drop.reset()
                setDropping(key)
              }}
            >
              {texts.vault.drop}
            </Button>
          )}
        </li>
      ))}
      {dropping && (
        <Confirm
          title={texts.vault.dropTitle}
          action={texts.vault.drop}
          onConfirm={() => drop.mutate(dropping)}
          onClose={() => setDropping(undefined)}
          isPending={drop.isPending}
          error={drop.error}
          more={<AsCode command={`mortise vault drop ${dropping.id}`} />}
        >
          {texts.vault.dropHelp}
        </Confirm>
      )}
    </ul>
  )
}

// What opens the store: listed, added, tried, and removed while something else is left.
import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { AsCode } from '../../code/as-code.tsx'
import { addSlot, removeSlot, type Slot } from '../../hub-operators.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Section } from '../../parts/page.tsx'
import { Problem } from '../../parts/problem.tsx'
import { When } from '../../parts/when.tsx'
import { texts } from '../../texts.ts'
import { AddPassphrase, ShownCode, TestSlot } from './slot-dialogs.tsx'

export function Slots({ slots }: { slots: readonly Slot[] }) {
  const queryClient = useQueryClient()
  const [dialog, setDialog] = useState<'passphrase' | 'test'>()
  const [removing, setRemoving] = useState<Slot>()
  const [code, setCode] = useState<string>()
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['vault'] })
  const addCode = useMutation({
    mutationFn: () => addSlot({ kind: 'recovery' }),
    async onSuccess({ recovery_code }) {
      if (recovery_code !== null) setCode(recovery_code)
      await refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (slot: Slot) => removeSlot(slot.id),
    async onSuccess() {
      setRemoving(undefined)
      await refresh()
    },
  })
  return (
    <Section
      title={texts.vault.slots}
      actions={
        <Group gap="xs">
          <Button size="xs" onClick={() => addCode.mutate()} loading={addCode.isPending}>
            {texts.vault.add.recovery}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog('passphrase')}>
            {texts.vault.add.passphrase}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog('test')}>
            {texts.vault.test.action}
          </Button>
          <AsCode command="mortise vault slots add recovery" />
        </Group>
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {texts.vault.slotsHelp}
        </Text>
        {addCode.error && <Problem error={addCode.error} />}
        {slots.filter(({ is_genuine }) => is_genuine).length === 1 && (
          <Alert color="yellow" variant="outline">
            {texts.vault.alone}
          </Alert>
        )}
        <ul className="rows plain">
          {slots.map((slot) => (
            <Row
              key={slot.id}
              slot={slot}
              onRemove={() => {
                remove.reset()
                setRemoving(slot)
              }}
            />
          ))}
        </ul>
      </Stack>
      {dialog === 'passphrase' && <AddPassphrase onClose={() => setDialog(undefined)} onAdded={refresh} />}
      {dialog === 'test' && <TestSlot onClose={() => setDialog(undefined)} />}
      {code !== undefined && <ShownCode code={code} onClose={() => setCode(undefined)} />}
      {removing && (
        <Confirm
          title={texts.vault.remove.title(kindOf(removing))}
          action={texts.vault.remove.action}
          onConfirm={() => remove.mutate(removing)}
          onClose={() => setRemoving(undefined)}
          isPending={remove.isPending}
          error={remove.error}
          more={<AsCode command={`mortise vault slots remove ${removing.id}`} />}
        >
          {texts.vault.remove.help}
        </Confirm>
      )}
    </Section>
  )
}

function Row({ slot, onRemove }: { slot: Slot; onRemove: () => void }) {
  const { fingerprint, created_at, is_in_use, is_genuine } = slot
  return (
    <li className="line">
      <Stack gap={2}>
        <Group gap="xs">
          <Text fw={600}>{kindOf(slot)}</Text>
          {is_in_use && (
            <Badge variant="light" color="teal" tt="none" fw={500} className="readable">
              {texts.vault.inUse}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {texts.vault.fingerprint}{' '}
          <Text span ff="monospace" inherit>
            {fingerprint}
          </Text>{' '}
          · {texts.vault.made} <When at={created_at} />
        </Text>
        {!is_genuine && (
          <Text size="sm" c="red">
            {texts.vault.notGenuine}
          </Text>
        )}
      </Stack>
      <Button
        size="xs"
        variant="default"
        onClick={onRemove}
        aria-label={`${texts.vault.remove.action}: ${kindOf(slot)} ${fingerprint}`}
      >
        {texts.vault.remove.action}
      </Button>
    </li>
  )
}

function kindOf({ kind }: Slot): string {
  return texts.vault.kinds[kind] ?? kind
}

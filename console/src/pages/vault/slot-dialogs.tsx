// Dialogs for what opens the store: what is typed here is sent once, and kept nowhere.
import { Alert, Button, Group, Modal, PasswordInput, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { addSlot, testSlot } from '../../hub-operators.ts'
import { Problem } from '../../parts/problem.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { texts } from '../../texts.ts'

export function AddPassphrase({ onClose, onAdded }: { onClose: () => void; onAdded: () => Promise<void> }) {
  const [text, setText] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => addSlot({ kind: 'passphrase', text }),
    async onSuccess() {
      onClose()
      await onAdded()
    },
  })
  return (
    <Dialog title={texts.vault.add.passphrase} onClose={onClose} onSubmit={() => mutate()}>
      {error && <Problem error={error} title={texts.notSaved} />}
      <PasswordInput
        label={texts.vault.add.passphraseLabel}
        description={texts.vault.add.passphraseHelp}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show, tabIndex: 0 }}
        minLength={12}
        required
        data-autofocus
      />
      <Buttons onClose={onClose} action={texts.vault.add.action} isPending={isPending} />
    </Dialog>
  )
}

export function TestSlot({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState('recovery')
  const [text, setText] = useState('')
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => testSlot({ kind, text: text.trim() }),
  })
  return (
    <Dialog title={texts.vault.test.title} onClose={onClose} onSubmit={() => mutate()}>
      <Text size="sm">{texts.vault.test.help}</Text>
      {error && <Problem error={error} />}
      {data && (
        <Alert color="teal" variant="outline" role="status">
          {texts.vault.test.opens(texts.vault.kinds[data.kind] ?? data.kind, data.fingerprint)}
        </Alert>
      )}
      <Select
        label={texts.vault.test.kind}
        data={Object.entries(texts.vault.kinds).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(kind) => setKind(kind ?? 'recovery')}
        allowDeselect={false}
      />
      <PasswordInput
        label={texts.vault.test.text}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show, tabIndex: 0 }}
        required
      />
      <Buttons onClose={onClose} action={texts.vault.test.submit} isPending={isPending} />
    </Dialog>
  )
}

export function ShownCode({ code, onClose }: { code: string; onClose: () => void }) {
  const { title, help, label, kept } = texts.vault.shown
  return <ShownOnce title={title} help={help} label={label} text={code} action={kept} onClose={onClose} />
}

function Dialog(props: { title: string; onClose: () => void; onSubmit: () => void; children: ReactNode }) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': texts.close }}
      centered
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          props.onSubmit()
        }}
      >
        <Stack>{props.children}</Stack>
      </form>
    </Modal>
  )
}

function Buttons({
  onClose,
  action,
  isPending,
}: {
  onClose: () => void
  action: string
  isPending: boolean
}) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {texts.close}
      </Button>
      <Button type="submit" loading={isPending}>
        {action}
      </Button>
    </Group>
  )
}

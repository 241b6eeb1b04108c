// What is shown this once: nobody can show it again, so nothing but the button closes it.
import { Button, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyBlock } from './copy.tsx'

export function ShownOnce(props: {
  title: string
  help: ReactNode
  label: string
  text: string
  action: string
  onClose: () => void
}) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      centered
    >
      <Stack>
        <Text>{props.help}</Text>
        <CopyBlock text={props.text} label={props.label} />
        <Button onClick={props.onClose}>{props.action}</Button>
      </Stack>
    </Modal>
  )
}

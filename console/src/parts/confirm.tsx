// Asks before something is gone; a refusal is shown where the question was.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts.ts'
import { Problem } from './problem.tsx'

export function Confirm(props: {
  title: string
  children: ReactNode
  action: string
  onConfirm: () => void
  onClose: () => void
  isPending: boolean
  error: unknown
  /** Nothing is lost by it. */
  isHarmless?: boolean
  /** What else can be done, here or once it was refused. */
  more?: ReactNode
}) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': texts.close }}
      centered
    >
      <Stack>
        <Text>{props.children}</Text>
        {Boolean(props.error) && <Problem error={props.error} title={texts.refused} />}
        <Group justify="flex-end">
          {props.more}
          <Button variant="default" onClick={props.onClose}>
            {texts.cancel}
          </Button>
          <Button
            {...(!props.isHarmless && { color: 'red.9' })}
            onClick={props.onConfirm}
            loading={props.isPending}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

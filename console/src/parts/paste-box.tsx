// Takes what is pasted without showing or keeping it: whoever asked finds out what it is.
import { Stack, Text, TextInput } from '@mantine/core'
import { type ClipboardEvent, useState } from 'react'
import { texts } from '../texts.ts'

export function PasteBox(props: {
  help: string
  /** @returns what to say of it */
  onPaste: (text: string) => string
}) {
  const [said, setSaid] = useState<string>()
  function take(event: ClipboardEvent): void {
    event.preventDefault()
    setSaid(props.onPaste(event.clipboardData.getData('text/plain')))
  }
  return (
    <Stack gap={4}>
      <TextInput
        type="password"
        label={texts.paste.label}
        description={props.help}
        value=""
        onChange={(event) => setSaid(props.onPaste(event.currentTarget.value))}
        onPaste={take}
        autoComplete="off"
      />
      <Text size="sm" role="status">
        {said}
      </Text>
    </Stack>
  )
}

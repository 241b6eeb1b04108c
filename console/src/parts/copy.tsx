// Text that is meant to be copied, with a button that does it.
import { Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { texts } from '../texts.ts'

/** @param props.shown the same, laid out to be read */
export function CopyBlock({ text, shown = text, label }: { text: string; shown?: string; label: string }) {
  return (
    <Stack gap="xs">
      <Code block tabIndex={0} aria-label={label} className="block">
        {shown}
      </Code>
      <Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  )
}

// A button that shows what an action would ask of the API, to be copied; or the command that does the same.
import { Button, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { CopyBlock } from '../parts/copy.tsx'
import { texts } from '../texts.ts'
import { type Act, curlOf, typescriptOf } from './act.ts'

export function AsCode(props: { act: Act } | { command: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => setOpen(true)}
        leftSection={<span aria-hidden="true">{'{ }'}</span>}
      >
        {'act' in props ? texts.code.show : texts.code.showCommand}
      </Button>
      {isOpen && (
        <Modal
          opened
          onClose={() => setOpen(false)}
          title={'act' in props ? texts.code.title : texts.code.commandTitle}
          closeButtonProps={{ 'aria-label': texts.close }}
          size="lg"
        >
          {'act' in props ? <Request act={props.act} /> : <Command text={props.command} />}
        </Modal>
      )}
    </>
  )
}

function Request({ act }: { act: Act }) {
  const [language, setLanguage] = useState('curl')
  const text = language === 'curl' ? curlOf(act, location.origin) : typescriptOf(act, location.origin)
  return (
    <Stack>
      <SegmentedControl
        aria-label={texts.code.language}
        value={language}
        onChange={setLanguage}
        data={[
          { value: 'curl', label: texts.code.curl },
          { value: 'typescript', label: texts.code.typescript },
        ]}
      />
      <CopyBlock text={text} label={texts.code.title} />
      <Text size="sm" c="dimmed">
        {texts.code.key}
      </Text>
    </Stack>
  )
}

function Command({ text }: { text: string }) {
  return (
    <Stack>
      <CopyBlock text={text} label={texts.code.command} />
      <Text size="sm" c="dimmed">
        {texts.code.commandHelp}
      </Text>
    </Stack>
  )
}

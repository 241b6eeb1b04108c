// An integration's logo: dropped or chosen, and shown before it is saved.
import { Button, FileButton, Group, Input, Stack, Text } from '@mantine/core'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { texts } from '../texts.ts'
import { Logo } from './integrations.tsx'

const kinds = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
const bytesMax = 1_048_576
const size = 72

export function LogoDrop(props: {
  /** Where the one before is. */
  current: string | null
  /** Undefined as long as it stays, null where it is to go. */
  value: File | null | undefined
  onChange: (value: File | null | undefined) => void
  error: string | undefined
}) {
  const { current, value, onChange } = props
  const [isOver, setOver] = useState(false)
  const [refused, setRefused] = useState<string>()

  async function take(file: File | null | undefined): Promise<void> {
    if (!file) return
    const reason = await reasonAgainst(file)
    setRefused(reason)
    if (reason === undefined) onChange(file)
  }

  const drop = {
    onDragOver(event: DragEvent) {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault()
      setOver(false)
      void take(event.dataTransfer.files[0])
    },
  }
  const problem = refused ?? props.error
  return (
    <Stack gap={4} role="group" aria-label={texts.integrations.members.logo}>
      <Input.Label component="div" aria-hidden="true">
        {texts.integrations.members.logo}
      </Input.Label>
      <Group className="drop" data-over={isOver || undefined} {...drop}>
        {value ? <Preview file={value} /> : <Logo url={value === null ? null : current} size={size} />}
        <Stack gap={4}>
          <Group gap="xs">
            <Text size="sm">{texts.logo.drop}</Text>
            <FileButton accept={kinds.join(',')} onChange={(file) => void take(file)}>
              {(props) => (
                <Button {...props} size="xs" variant="default">
                  {texts.logo.choose}
                </Button>
              )}
            </FileButton>
          </Group>
          <Text size="xs" c="dimmed">
            {value === null ? texts.logo.willGo : texts.logo.help}
          </Text>
        </Stack>
        {value !== undefined && (
          <Button size="xs" variant="default" onClick={() => onChange(undefined)}>
            {texts.logo.keep}
          </Button>
        )}
        {value === undefined && current !== null && (
          <Button size="xs" variant="default" onClick={() => onChange(null)}>
            {texts.logo.remove}
          </Button>
        )}
      </Group>
      {problem !== undefined && (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
    </Stack>
  )
}

async function reasonAgainst(file: File): Promise<string | undefined> {
  if (file.size > bytesMax) return texts.logo.tooLarge
  if (!kinds.includes(file.type)) return texts.logo.notAPicture
  return createImageBitmap(file).then(
    (picture) => {
      picture.close()
      return undefined
    },
    () => texts.logo.notAPicture,
  )
}

/** Drawn, since the page's policy takes pictures from the hub alone. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let isGone = false
    void createImageBitmap(file).then((picture) => {
      const context = canvas.current?.getContext('2d')
      if (context && !isGone) {
        const scale = Math.min((2 * size) / picture.width, (2 * size) / picture.height)
        const [width, height] = [picture.width * scale, picture.height * scale]
        context.clearRect(0, 0, 2 * size, 2 * size)
        context.drawImage(picture, size - width / 2, size - height / 2, width, height)
      }
      picture.close()
    })
    return () => {
      isGone = true
    }
  }, [file])
  return (
    <canvas
      ref={canvas}
      className="logo"
      width={2 * size}
      height={2 * size}
      role="img"
      aria-label={texts.logo.preview}
    />
  )
}

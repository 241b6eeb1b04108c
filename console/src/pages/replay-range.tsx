// Has the events of a range delivered once more, in as many parts as it takes.
import { Button, Group, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Mortise, mortise, type Webhook } from '../hub.ts'
import { Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'

const { range } = texts.webhooks
type Preset = keyof typeof range.presets
const presets: readonly Preset[] = ['hour', 'day', 'week', 'month']
const hoursOf: Readonly<Record<Preset, number>> = { hour: 1, day: 24, week: 168, month: 24 * 30 }
const hourMs = 3_600_000

export function ReplayRange(props: {
  webhook: Webhook
  onClose: () => void
  onDone: (replayed: number) => void
}) {
  const { id, integration } = props.webhook
  const queryClient = useQueryClient()
  const [preset, setPreset] = useState<Preset>('day')
  const [which, setWhich] = useState<'undelivered' | 'all'>('undelivered')
  const [soFar, setSoFar] = useState(0)
  const asks = () => {
    const now = Date.now()
    return {
      since: new Date(now - hoursOf[preset] * hourMs).toISOString(),
      // What happens meanwhile is sent by itself.
      until: new Date(now).toISOString(),
      which,
    }
  }
  const { mutate, isPending, error } = useMutation({
    async mutationFn() {
      const asked = asks()
      let replayed = 0
      setSoFar(0)
      let after: number | null = 0
      while (after !== null) {
        const part: { replayed: number; after: number | null } = await mortise
          .as(integration)
          .deliveries.replayRange(id, { ...asked, after })
        replayed += part.replayed
        setSoFar(replayed)
        after = part.after
      }
      return replayed
    },
    async onSuccess(replayed) {
      await queryClient.invalidateQueries({ queryKey: ['deliveries'] })
      props.onDone(replayed)
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    mutate()
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={range.title}
      closeButtonProps={{ 'aria-label': texts.close }}
      centered
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{range.help}</Text>
          {error && <Problem error={error} />}
          <Select
            label={range.since}
            data={presets.map((value) => ({ value, label: range.presets[value] }))}
            value={preset}
            onChange={(value) => setPreset(presets.find((preset) => preset === value) ?? 'day')}
            allowDeselect={false}
          />
          <Radio.Group
            label={range.which}
            value={which}
            onChange={(value) => setWhich(value === 'all' ? 'all' : 'undelivered')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="undelivered" label={range.undelivered} />
              <Radio value="all" label={range.all} />
            </Stack>
          </Radio.Group>
          {isPending && (
            <Text size="sm" role="status">
              {range.soFar(soFar)}
            </Text>
          )}
          <Group justify="flex-end">
            <AsCode act={(hub: Mortise) => hub.as(integration).deliveries.replayRange(id, asks())} />
            <Button variant="default" onClick={props.onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isPending}>
              {range.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

// A rotation: what it would do, how far it has come, and what is left where it was cut off.
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { AsCode } from '../../code/as-code.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Problem } from '../../parts/problem.tsx'
import { texts } from '../../texts.ts'

type Part = { readonly done: number; readonly damaged: number }

export function Rotation(props: {
  plan: string
  question: string
  /** How much there is to do. */
  of: number
  isResumed: boolean
  rotate: () => AsyncIterable<Part>
  command: string
}) {
  const { plan, question, of, isResumed, rotate, command } = props
  const queryClient = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const [part, setPart] = useState<Part>()
  const isLeft = useRef(false)
  useEffect(() => {
    isLeft.current = false
    return () => {
      isLeft.current = true
    }
  }, [])
  /** How much there was to do when it began. */
  const [total, setTotal] = useState(of)
  const run = useMutation({
    async mutationFn() {
      setTotal(of)
      setPart({ done: 0, damaged: 0 })
      for await (const part of rotate()) {
        if (isLeft.current) return
        setPart(part)
      }
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['vault'] }),
  })
  return (
    <Stack gap="xs">
      {run.error && <Problem error={run.error} />}
      {part && (
        <Stack gap={4} role="status">
          <Progress
            value={run.isSuccess || total === 0 ? 100 : (part.done / total) * 100}
            aria-label={plan}
            animated={run.isPending}
          />
          <Text size="sm">
            {run.isSuccess ? texts.vault.done(part.done) : texts.vault.progress(part.done, total)}
          </Text>
          {part.damaged > 0 && <Text size="sm">{texts.vault.data.damaged(part.damaged)}</Text>}
        </Stack>
      )}
      <Group justify="space-between">
        <Text size="sm">{plan}</Text>
        <Group gap="xs">
          <AsCode command={command} />
          <Button size="xs" variant="default" onClick={() => setAsking(true)} loading={run.isPending}>
            {isResumed ? texts.vault.resume : texts.vault.rotate}
          </Button>
        </Group>
      </Group>
      {isAsking && (
        <Confirm
          title={question}
          action={isResumed ? texts.vault.resume : texts.vault.rotate}
          isHarmless
          onConfirm={() => {
            setAsking(false)
            run.mutate()
          }}
          onClose={() => setAsking(false)}
          isPending={false}
          error={null}
        >
          {plan} {texts.vault.leave}
        </Confirm>
      )}
    </Stack>
  )
}

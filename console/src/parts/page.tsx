// The frame of a page: its title, what can be done, and what it holds; and what stands in for it meanwhile.
import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { texts } from '../texts.ts'

export function Page(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { title, actions, children } = props
  useEffect(() => {
    document.title = `${title} · ${texts.product}`
  }, [title])
  return (
    <Stack gap="lg" maw={1_100} mx="auto">
      <Group justify="space-between" align="center">
        <Title order={1} size="h2">
          {title}
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}

/** Part of a page, whose frames are within. */
export function Part(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {props.title}
        </Title>
        {props.actions}
      </Group>
      {props.children}
    </Stack>
  )
}

export function Section(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {props.title}
        </Title>
        {props.actions}
      </Group>
      {props.children}
    </Paper>
  )
}

/** Says what to do where there is nothing yet. */
export function Empty({ title, help, action }: { title: string; help: string; action?: ReactNode }) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" ta="center" maw={520}>
          {help}
        </Text>
        {action}
      </Stack>
    </Paper>
  )
}

/** As tall as what will stand here, so that nothing jumps. */
export function Waiting({ rows = 5 }: { rows?: number }) {
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row) => (
        <Skeleton key={row} height={52} />
      ))}
    </Stack>
  )
}

// An event in a list: what happened, to what, and when.
import { Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Event } from '../hub.ts'
import { texts } from '../texts.ts'
import { nameOf } from './event-subject.ts'
import { When } from './when.tsx'

export function EventRow({ event }: { event: Event }) {
  const { id, type, sequence, integration, created_at } = event
  const name = nameOf(event)
  return (
    <li className="record">
      <Group justify="space-between" gap="xs">
        <Link to="/console/events/$id" params={{ id }} style={{ fontWeight: 600 }}>
          {type}
        </Link>
        <Text size="sm" c="dimmed">
          <When at={created_at} />
        </Text>
      </Group>
      <Text size="sm">
        {name}
        <Text span c="dimmed" inherit>
          {name !== '' && ' · '}
          {integration ?? texts.events.wholeAccount} · {texts.events.number(sequence)}
        </Text>
      </Text>
    </li>
  )
}

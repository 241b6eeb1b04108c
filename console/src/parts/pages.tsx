// Turns the pages of a list, and says how long it is.
import { Group, Pagination, Text } from '@mantine/core'
import { texts } from '../texts.ts'

export const pageSize = 25

export function Pages(props: { count: number; page: number; onChange: (page: number) => void }) {
  const { count, page, onChange } = props
  const total = Math.ceil(count / pageSize)
  return (
    <Group justify="space-between">
      <Text c="dimmed" size="sm">
        {texts.count(count)}
      </Text>
      {total > 1 && (
        <Pagination
          total={total}
          value={page}
          onChange={onChange}
          getControlProps={(control) => ({ 'aria-label': texts.pages[control] })}
          getItemProps={(page) => ({ 'aria-label': texts.pages.page(page) })}
        />
      )}
    </Group>
  )
}

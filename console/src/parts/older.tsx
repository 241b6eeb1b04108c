// Lists that grow without bound: the newest first, and older ones when they are asked for.
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'

type CursorPage<Item> = { readonly next: string | null; readonly results: readonly Item[] }
type CursorQuery = { page_size: string; cursor?: string }

/** @param read asks for a page; what it depends on stands in the key */
export function useOlder<Item>(
  queryKey: readonly unknown[],
  read: (query: CursorQuery, signal: AbortSignal) => Promise<CursorPage<Item>>,
  options: { refetchIntervalMs?: number } = {},
) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      read({ page_size: '50', ...(pageParam !== null && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next && new URL(next).searchParams.get('cursor'),
    // Who reads what is older is not disturbed, and the hub not asked for all of it again.
    refetchInterval: ({ state }) => state.data?.pages.length === 1 && (options.refetchIntervalMs ?? false),
  })
  return {
    items: data?.pages.flatMap(({ results }) => results),
    error,
    more: hasNextPage ? { load: () => void fetchNextPage(), isLoading: isFetchingNextPage } : undefined,
  }
}

export function Older({ more, label }: { more: ReturnType<typeof useOlder>['more']; label: string }) {
  if (!more) return null
  return (
    <Button variant="default" onClick={more.load} loading={more.isLoading}>
      {label}
    </Button>
  )
}

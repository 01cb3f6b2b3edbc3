import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { useSearch } from './link.tsx'
import { type Init, type Item, read } from './server.ts'

type Listed = Parameters<typeof read>[0]

/** One page of a list that goes on by key: the cursor is in the address, those before it are remembered. */
export const usePage = <Path extends Listed>(
  path: Path,
  query: object = {},
  { limit = 25, pathParameters }: { limit?: number; pathParameters?: Record<string, string> } = {},
) => {
  const [search, change] = useSearch()
  const behind = useRef<(string | undefined)[]>([])
  const after = search.after
  const init = {
    params: {
      query: { ...query, limit, ...(after !== undefined && { after }) },
      ...(pathParameters && { path: pathParameters }),
    },
  } as unknown as Init<Path>
  const list = useQuery({ ...read(path, init), placeholderData: keepPreviousData })
  const page = list.data as unknown as
    | { items: Item<Path>[]; next: string | null; total?: number }
    | undefined
  const next = page?.next ?? undefined
  return {
    rows: page?.items,
    total: page?.total,
    error: list.error,
    refetch: () => void list.refetch(),
    isStale: list.isPlaceholderData,
    onNext:
      next === undefined
        ? undefined
        : () => {
            behind.current.push(after)
            change({ after: next })
          },
    onPrevious: after === undefined ? undefined : () => change({ after: behind.current.pop() }),
  }
}

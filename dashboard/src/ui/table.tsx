import { Checkbox, Skeleton, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { type ReactNode, useCallback, useState } from 'react'

export type Column<Row> = {
  key: string
  title: ReactNode
  /** The field that the list can be ordered by. */
  orderBy?: string
  cell: (row: Row) => ReactNode
  width?: number | string
  align?: 'right'
  /** Left out on a narrow screen. */
  wide?: boolean
}

type Selection = {
  ids: ReadonlySet<string>
  toggle: (ids: readonly string[], isChosen: boolean) => void
  labelRow: (id: string) => string
  labelAll: string
}

type TableProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  /** Undefined while they are on their way. */
  rows: readonly Row[] | undefined
  idOf: (row: Row) => string
  order?: string | undefined
  onOrder?: (order: string) => void
  labelOrder?: (title: string) => string
  selection?: Selection | undefined
  /** In place of the rows when there are none. */
  empty?: ReactNode
  /** How many rows to draw in grey until they come, so that nothing jumps. */
  expected?: number
}

/** A list as a table. It keeps its height while it loads. */
export const DataTable = <Row,>(props: TableProps<Row>) => {
  const { label, columns, rows, idOf, selection, empty, expected = 8 } = props
  if (rows?.length === 0 && empty) return <>{empty}</>
  const ids = rows?.map(idOf) ?? []
  const chosen = ids.filter((id) => selection?.ids.has(id)).length
  return (
    <Scroller label={label} minWidth={Math.min(560, columns.length * 150)}>
      <Table aria-label={label} aria-busy={rows === undefined} highlightOnHover={rows !== undefined}>
        <Table.Thead>
          <Table.Tr>
            {selection && (
              <Table.Th w={44}>
                <Checkbox
                  aria-label={selection.labelAll}
                  checked={ids.length > 0 && chosen === ids.length}
                  indeterminate={chosen > 0 && chosen < ids.length}
                  onChange={(event) => selection.toggle(ids, event.currentTarget.checked)}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} {...props} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows === undefined
            ? Array.from({ length: expected }, (_, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: grey lines are all alike
                <Table.Tr key={line} aria-hidden>
                  {selection && (
                    <Table.Td>
                      <Skeleton w={20} h={20} />
                    </Table.Td>
                  )}
                  {columns.map(({ key, wide }) => (
                    <Table.Td key={key} visibleFrom={wide ? 'md' : undefined}>
                      <Skeleton h={12} w={`${50 + ((line * 17 + key.length * 11) % 40)}%`} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
            : rows.map((row) => {
                const id = idOf(row)
                return (
                  <Table.Tr key={id} data-selected={selection?.ids.has(id) || undefined}>
                    {selection && (
                      <Table.Td>
                        <Checkbox
                          aria-label={selection.labelRow(id)}
                          checked={selection.ids.has(id)}
                          onChange={(event) => selection.toggle([id], event.currentTarget.checked)}
                        />
                      </Table.Td>
                    )}
                    {columns.map(({ key, cell, align, wide }) => (
                      <Table.Td key={key} ta={align} visibleFrom={wide ? 'md' : undefined}>
                        {cell(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                )
              })}
        </Table.Tbody>
      </Table>
    </Scroller>
  )
}

/** What goes on beside the screen is reached with the keyboard too; a table that fits is no stop of its own. */
const Scroller = ({
  label,
  minWidth,
  children,
}: {
  label: string
  minWidth: number
  children: ReactNode
}) => {
  const [isCut, setIsCut] = useState(false)
  const watch = useCallback((box: HTMLDivElement) => {
    // The table is as wide as the box until it cannot: its own size tells of both.
    const observer = new ResizeObserver(() => setIsCut(box.scrollWidth > box.clientWidth))
    observer.observe(box.querySelector('table')!)
    return () => observer.disconnect()
  }, [])
  return (
    <Table.ScrollContainer
      ref={watch}
      minWidth={minWidth}
      type="native"
      {...(isCut && { role: 'group', 'aria-label': label, tabIndex: 0 })}
    >
      {children}
    </Table.ScrollContainer>
  )
}

const HeadCell = <Row,>({
  column: { title, orderBy, width, align, wide },
  order,
  onOrder,
  labelOrder,
}: TableProps<Row> & { column: Column<Row> }) => {
  const isAscending = order === orderBy
  const isDescending = order === `-${orderBy}`
  const sort = isAscending ? 'ascending' : isDescending ? 'descending' : 'none'
  const Icon = isAscending ? IconArrowUp : isDescending ? IconArrowDown : IconArrowsSort
  return (
    <Table.Th
      w={width}
      ta={align}
      visibleFrom={wide ? 'md' : undefined}
      {...(orderBy !== undefined && { 'aria-sort': sort })}
    >
      {orderBy === undefined || !onOrder ? (
        title
      ) : (
        <UnstyledButton
          fz="inherit"
          fw="inherit"
          c="inherit"
          aria-label={labelOrder?.(String(title))}
          onClick={() => onOrder(isAscending ? `-${orderBy}` : orderBy)}
          style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}
        >
          {title}
          <Icon size={13} aria-hidden opacity={sort === 'none' ? 0.5 : 1} />
        </UnstyledButton>
      )}
    </Table.Th>
  )
}

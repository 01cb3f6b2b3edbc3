import { useMemo } from 'react'

type GraphProps = {
  label: string
  nodes: readonly { id: string; name: string }[]
  edges: readonly { from: string; to: string }[]
  /** Drawn stronger than the others. */
  focus?: string
  onOpen?: (id: string) => void
}

const width = 168
const height = 38
const gapX = 64
const gapY = 18

/** Boxes and arrows, from left to right: every arrow leads to the right, since there are no cycles. */
export const Graph = ({ label, nodes, edges, focus, onOpen }: GraphProps) => {
  const places = useMemo(() => layOut(nodes, edges), [nodes, edges])
  const columns = Math.max(0, ...[...places.values()].map(({ x }) => x)) + 1
  const rows = Math.max(0, ...[...places.values()].map(({ y }) => y)) + 1
  const [w, h] = [columns * (width + gapX) - gapX + 2, rows * (height + gapY) - gapY + 2]
  const at = (id: string) => {
    const { x, y } = places.get(id)!
    return { x: 1 + x * (width + gapX), y: 1 + y * (height + gapY) }
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by the keyboard too
    <section style={{ overflowX: 'auto' }} tabIndex={0} aria-label={label}>
      <svg
        width={w}
        height={h}
        viewBox={`0 0 ${w} ${h}`}
        role="img"
        aria-label={label}
        style={{ display: 'block' }}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" fill="var(--mantine-color-dimmed)" />
          </marker>
        </defs>
        {edges.map(({ from, to }) => {
          const [a, b] = [at(from), at(to)]
          const [x1, y1, x2, y2] = [a.x + width, a.y + height / 2, b.x - 2, b.y + height / 2]
          const middle = (x1 + x2) / 2
          return (
            <path
              key={`${from} ${to}`}
              d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
              fill="none"
              stroke="var(--mantine-color-dimmed)"
              strokeWidth={1.3}
              markerEnd="url(#arrow)"
            />
          )
        })}
        {nodes.map(({ id, name }) => {
          const { x, y } = at(id)
          const isFocus = id === focus
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: a short cut; the same roles are links beside it
            <g
              key={id}
              transform={`translate(${x} ${y})`}
              onClick={() => onOpen?.(id)}
              style={{ cursor: 'pointer' }}
            >
              <title>{name}</title>
              <rect
                width={width}
                height={height}
                rx={10}
                fill={isFocus ? 'var(--mantine-primary-color-light)' : 'var(--mantine-color-body)'}
                stroke={
                  isFocus ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-default-border)'
                }
                strokeWidth={isFocus ? 1.6 : 1}
              />
              <text
                x={width / 2}
                y={height / 2}
                fontSize={13}
                fontWeight={isFocus ? 650 : 500}
                textAnchor="middle"
                dominantBaseline="central"
                fill="var(--mantine-color-text)"
              >
                {name.length > 22 ? `${name.slice(0, 21)}…` : name}
              </text>
            </g>
          )
        })}
      </svg>
    </section>
  )
}

/** A node stands right of everything that leads to it. */
const layOut = (nodes: GraphProps['nodes'], edges: GraphProps['edges']) => {
  const depth = new Map<string, number>()
  const visit = (id: string, seen: readonly string[]): number => {
    const known = depth.get(id)
    if (known !== undefined) return known
    const before = edges.filter(({ to, from }) => to === id && !seen.includes(from))
    const own = Math.max(0, ...before.map(({ from }) => visit(from, [...seen, id]) + 1))
    depth.set(id, own)
    return own
  }
  const filled = new Map<number, number>()
  return new Map(
    nodes.map(({ id }) => {
      const x = visit(id, [])
      const y = filled.get(x) ?? 0
      filled.set(x, y + 1)
      return [id, { x, y }]
    }),
  )
}

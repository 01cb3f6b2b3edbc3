import Type, { type Static } from 'typebox'
import type { HookVersion } from '#core/hooks/hook.ts'

const Anything = Type.Unsafe<unknown>({})

export const WireDiff = Type.Object({
  changes: Type.Array(
    Type.Object({ field: Type.String(), before: Type.Optional(Anything), after: Type.Optional(Anything) }),
  ),
  lines: Type.Array(
    Type.Object({
      kind: Type.Enum(['same', 'removed', 'added']),
      text: Type.String(),
    }),
    { description: 'The code, line by line.' },
  ),
})

const compared = ['dependencies', 'runtime', 'triggers', 'allowedHosts', 'resolved'] as const

type Compared = Pick<HookVersion, 'code' | (typeof compared)[number]> & {
  secrets: readonly { name: string }[]
}

export const encodeDiff = (before: Compared, after: Compared): Static<typeof WireDiff> => {
  const fields = compared.map((field) => ({ field, before: before[field], after: after[field] }))
  const names = ({ secrets }: Compared) => secrets.map(({ name }) => name)
  const all = [...fields, { field: 'secrets', before: names(before), after: names(after) }]
  return {
    changes: all.filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after)),
    lines: diffLines(before.code.split('\n'), after.code.split('\n')),
  }
}

/** The longest common subsequence; code has at most some thousand lines, and what is alike at both ends is passed over. */
const diffLines = (before: readonly string[], after: readonly string[]): Static<typeof WireDiff>['lines'] => {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const same = (lines: readonly string[]) => lines.map((text) => ({ kind: 'same' as const, text }))
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(left, right),
    ...same(before.slice(before.length - end)),
  ]
}

const cellsLimit = 4_000_000

const diffMiddle = (left: readonly string[], right: readonly string[]): Static<typeof WireDiff>['lines'] => {
  const removed = (text: string) => ({ kind: 'removed' as const, text })
  const added = (text: string) => ({ kind: 'added' as const, text })
  if (left.length * right.length > cellsLimit) return [...left.map(removed), ...right.map(added)]
  const width = right.length + 1
  const lengths = new Uint16Array((left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        left[row] === right[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
    }
  }
  const lines: Static<typeof WireDiff>['lines'] = []
  let [row, column] = [0, 0]
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      lines.push({ kind: 'same', text: left[row]! })
      row += 1
      column += 1
    } else if (
      column >= right.length ||
      (row < left.length && lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!)
    ) {
      lines.push(removed(left[row]!))
      row += 1
    } else {
      lines.push(added(right[column]!))
      column += 1
    }
  }
  return lines
}

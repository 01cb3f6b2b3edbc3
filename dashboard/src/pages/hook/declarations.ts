/** One member of an object type. */
export type Member = {
  name: string
  /** Its type, in short. */
  detail: string
  members: readonly Member[]
  isMethod: boolean
}

/**
 * The object types of our own declarations, by name: `export type X = { … }` and `declare const x: { … } & { … }`.
 * Reads just what the server writes, which is a small part of TypeScript.
 */
export const declared = (text: string): ReadonlyMap<string, readonly Member[]> => {
  const found = new Map<string, readonly Member[]>()
  for (const match of text.matchAll(/(?:export type (\w+) =|declare const (\w+):) \{/gu)) {
    const name = match[1] ?? match[2]!
    const first = readMembers(text, match.index + match[0].length)
    const members = [...first.members]
    if (text.startsWith(' & {', first.end)) members.push(...readMembers(text, first.end + 4).members)
    found.set(name, distinct(members))
  }
  return found
}

/** Overloads are one method. */
const distinct = (members: readonly Member[]): Member[] => [
  ...new Map(members.map((member) => [member.name, member])).values(),
]

const open = '({[<'
const close = ')}]>'

/** @param from just behind the opening brace */
const readMembers = (text: string, from: number): { members: Member[]; end: number } => {
  const members: Member[] = []
  let at = from
  while (at < text.length) {
    at = skip(text, at, /(?:[\s;,]|\/\*[\s\S]*?\*\/)*/uy)
    if (text[at] === '}') return { members: distinct(members), end: at + 1 }
    const head = matchAt(text, at, /(?:readonly )?(?:\[[^\]]*\]|([\w$]+))\??/uy)
    if (!head) break
    at += head[0].length
    const end = endOfType(text, at)
    const type = text.slice(at, end)
    const braced = /^: \{/u.test(type)
    if (head[1] !== undefined) {
      members.push({
        name: head[1],
        isMethod: type.startsWith('('),
        members: braced ? readMembers(text, at + 3).members : [],
        detail: braced ? '' : shorten(type.replace(/^: /u, '')),
      })
    }
    at = end
  }
  return { members, end: at }
}

const matchAt = (text: string, at: number, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const skip = (text: string, at: number, pattern: RegExp): number =>
  at + (matchAt(text, at, pattern)?.[0].length ?? 0)

/** A type ends where its line does, or the object it stands in. */
const endOfType = (text: string, from: number): number => {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at]!
    const isArrow = letter === '>' && text[at - 1] === '='
    if (depth === 0 && (letter === '\n' || letter === ';' || letter === '}')) return at
    if (open.includes(letter)) depth += 1
    else if (close.includes(letter) && !isArrow) depth -= 1
  }
  return text.length
}

const shorten = (type: string): string => {
  const line = type.replaceAll(/\s+/gu, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

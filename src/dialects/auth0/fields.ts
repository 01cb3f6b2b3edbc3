import Type from 'typebox'

/** Which fields of an answer the client wants. @see specs: §1.3 of the Auth0 dialect */
export const FieldsQuery = {
  fields: Type.Optional(
    Type.String({
      description:
        'Comma-separated list of fields to include or exclude (based on value provided for include_fields) in the result. Leave empty to retrieve all fields.',
    }),
  ),
  include_fields: Type.Optional(
    Type.Boolean({ description: 'Whether specified fields are to be included (true) or excluded (false).' }),
  ),
}

export type FieldsParameters = { fields?: string; include_fields?: boolean }

/** What is named at one level; a name that stands for everything below it has no tree. */
type Tree = Map<string, Tree | undefined>

/**
 * Reads the parameters once, for every item of a list. Names may be paths (`app_metadata.plan.name`); what nobody has
 * is passed over.
 * @returns what picks the named fields of an encoded thing, or leaves them out
 */
export const projection = ({ fields = '', include_fields: includes = true }: FieldsParameters) => {
  const names = fields.split(',').map((name) => name.trim())
  const tree = treeOf(names.filter((name) => name !== ''))
  if (tree.size === 0) return <T extends object>(thing: T): Partial<T> => thing
  const project = includes ? pick : omit
  return <T extends object>(thing: T): Partial<T> => project(thing, tree) as Partial<T>
}

const treeOf = (names: readonly string[]): Tree => {
  const root: Tree = new Map()
  for (const name of names) add(root, name.split('.'))
  return root
}

const add = (tree: Tree, [head = '', ...rest]: readonly string[]): void => {
  if (rest.length === 0) tree.set(head, undefined)
  else if (!tree.has(head)) tree.set(head, new Map())
  const below = tree.get(head)
  if (below && rest.length > 0) add(below, rest)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Arrays are transparent: a path goes into each of their items. */
const pick = (value: unknown, tree: Tree): unknown => {
  if (Array.isArray(value)) return value.map((item) => pick(item, tree))
  if (!isRecord(value)) return undefined
  const picked = [...tree].flatMap(([name, below]) => {
    if (!Object.hasOwn(value, name)) return []
    const part = below ? pick(value[name], below) : value[name]
    return part === undefined ? [] : [[name, part] as const]
  })
  return Object.fromEntries(picked)
}

const omit = (value: unknown, tree: Tree): unknown => {
  if (Array.isArray(value)) return value.map((item) => omit(item, tree))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).flatMap(([name, part]) => {
    if (!tree.has(name)) return [[name, part] as const]
    const below = tree.get(name)
    return below ? [[name, omit(part, below)] as const] : []
  })
  return Object.fromEntries(kept)
}

import type { Carrier, Explanation, Missing, Obstacle, Path, RoleRef, Who } from '#core/roles/explanation.ts'

/** An explanation in lines for people: the answer, then every way that leads there, or what is missing. */
export const drawExplanation = (explanation: Explanation): string => {
  const { paths, isCut, missing } = explanation
  const lines = [answerOf(explanation), ...paths.flatMap((path) => ['', ...drawPath(path, explanation)])]
  if (isCut) lines.push('', 'There are more ways than are shown.')
  if (missing) lines.push(...drawMissing(missing, explanation))
  return lines.join('\n')
}

const answerOf = ({ user, asked, answer, scope }: Explanation): string => {
  const name = user.name ?? user.id
  if (asked.kind === 'role') {
    return `${name} ${answer ? 'holds' : 'does not hold'} the role ${asked.role.name} in ${scope}.`
  }
  const { permission } = asked
  return `${name} ${answer ? 'may' : 'may not'} ${permission.name} (${permission.apiName}) in ${scope}.`
}

/** From the user over what he was given to what was asked, one step deeper in each line. */
const drawPath = ({ grant, roles }: Path, { user, asked }: Pick<Explanation, 'user' | 'asked'>): string[] => {
  const [assigned, ...included] = roles
  const what = assigned ? `holds ${roleName(assigned)}` : 'was given it directly'
  const steps = [
    user.name ?? user.id,
    `${what} in ${grant.scope}${circumstances(grant)}`,
    ...included.map((role) => `which includes ${roleName(role)}`),
    ...(asked.kind === 'permission' && assigned ? [`which carries ${asked.permission.name}`] : []),
  ]
  return steps.map((step, depth) => (depth === 0 ? step : `${'   '.repeat(depth - 1)}└─ ${step}`))
}

const circumstances = (grant: Path['grant']): string => {
  const parts: string[] = []
  if (grant.kind === 'assignment' && grant.source !== 'direct') {
    parts.push(sourceOf(grant))
  }
  if (grant.by) parts.push(`by ${nameOf(grant.by)}${throughOf(grant.door)}`)
  if (grant.since !== undefined) parts.push(`since ${instant(grant.since)}`)
  if (grant.kind === 'assignment') {
    if (grant.until !== undefined) parts.push(`until ${instant(grant.until)}`)
    if (grant.reason !== undefined) parts.push(JSON.stringify(grant.reason))
  }
  return parts.map((part) => `, ${part}`).join('')
}

const sources: Readonly<Record<string, string>> = {
  default: 'as everybody who registers',
  selection: 'chosen when registering',
  request: 'asked for and approved',
  invitation: 'by an invitation',
  rule: 'by the rule',
  hook: 'by the hook',
  import: 'by an import',
}

const sourceOf = ({ source, sourceId, sourceName }: Extract<Path['grant'], { kind: 'assignment' }>): string =>
  [sources[source] ?? source, sourceName ?? sourceId].filter((part) => part !== undefined).join(' ')

const throughOf = (door: Path['grant']['door']): string =>
  door === undefined || door === 'system' ? '' : ` through ${door}`

const drawMissing = (missing: Missing, explanation: Explanation): string[] => {
  const { isBlocked, isMember, nearly, roles = [] } = missing
  const lines: string[] = []
  if (isBlocked) lines.push('', 'The user is blocked: nothing counts until that ends.')
  if (isMember === false) lines.push('', `The user is not a member of ${explanation.scope}.`)
  for (const near of nearly) {
    lines.push('', `Not quite: ${near.because.map(wordObstacle).join('; ')}.`, ...drawPath(near, explanation))
  }
  if (roles.length > 0) lines.push('', 'What would do:', ...roles.map(drawCarrier))
  return lines
}

const wordObstacle = (obstacle: Obstacle): string => {
  switch (obstacle.kind) {
    case 'expired':
      return `it ended ${instant(obstacle.at)}`
    case 'other-scope':
      return `it holds in ${obstacle.scope} only`
    case 'inactive-role':
      return `the role ${obstacle.role.name} is switched off`
    default:
      return obstacle satisfies never
  }
}

const drawCarrier = ({ roles, assignIn, inactive }: Carrier): string => {
  const first = inactive.length > 0 ? `switch on ${inactive.map(({ name }) => name).join(', ')}, then ` : ''
  return `  ${first}assign ${roles.map(({ name }) => name).join(' → ')} in ${assignIn}`
}

const roleName = ({ name, isActive }: RoleRef): string => (isActive ? name : `${name} (switched off)`)

const nameOf = ({ kind, id, name }: Who): string =>
  kind === 'system' ? 'the system' : (name ?? `${kind} ${id}`)

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

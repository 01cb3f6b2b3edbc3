import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { LRUCache } from 'lru-cache'
import type { Conditions, Facts } from '#core/rules/conditions.ts'

/**
 * Conditions are written in CEL. They are evaluated while people sign in, so that none may take long: no regular
 * expressions, whose time can grow beyond bounds, and no loop within a loop.
 * @see https://github.com/google/cel-spec (read 2026-11)
 */
export const createConditions = (): Conditions => {
  const environment = makeEnvironment()
  const compiled = new LRUCache<string, Compiled>({ max: 1_000 })
  const compile = (condition: string): Compiled => {
    const known = compiled.get(condition)
    if (known) return known
    const made = read(environment, condition)
    compiled.set(condition, made)
    return made
  }
  return {
    faultOf: (condition) => {
      const made = compile(condition)
      return 'fault' in made ? made.fault : undefined
    },
    judge: (condition, facts) => {
      const made = compile(condition)
      if ('fault' in made) return { ok: false, message: made.fault }
      try {
        const value = made.evaluate(encodeFacts(facts))
        if (typeof value === 'boolean') return { ok: true, holds: value }
        return { ok: false, message: 'The condition is neither true nor false.' }
      } catch (error) {
        return { ok: false, message: firstLine(error) }
      }
    },
  }
}

type Compiled = { evaluate: (context: Record<string, unknown>) => unknown } | { fault: string }

const longestCondition = 4_000

const makeEnvironment = (): Environment => {
  const text = 'string'
  const json = 'map<string, dyn>'
  const instant = 'google.protobuf.Timestamp'
  return new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 400, maxDepth: 40 },
  })
    .registerVariable('user', {
      schema: {
        id: text,
        kind: text,
        email: text,
        emailDomain: text,
        isEmailVerified: 'bool',
        username: text,
        name: text,
        givenName: text,
        familyName: text,
        nickname: text,
        phone: text,
        connection: text,
        loginsCount: 'int',
        createdAt: instant,
        userMetadata: json,
        appMetadata: json,
        roles: 'list<string>',
        roleIds: 'list<string>',
      },
    })
    .registerVariable('application', { schema: { id: text, name: text, metadata: json } })
    .registerVariable('scope', text)
    .registerVariable('event', {
      schema: { occasion: text, door: text, at: instant, ip: text, userAgent: text },
    })
}

const encodeFacts = ({ user, application, scope, event }: Facts): Record<string, unknown> => ({
  user: { ...user, loginsCount: BigInt(user.loginsCount), createdAt: new Date(user.createdAt) },
  application,
  scope,
  event: { ...event, at: new Date(event.at) },
})

const read = (environment: Environment, condition: string): Compiled => {
  if (condition.length > longestCondition) {
    return { fault: `A condition has at most ${longestCondition} characters.` }
  }
  try {
    const checked = environment.check(condition)
    if (!checked.valid) return { fault: firstLine(checked.error) }
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return { fault: 'The condition is neither true nor false.' }
    const evaluate = environment.parse(condition)
    const slow = slowPart(evaluate.ast, false)
    return slow === undefined ? { evaluate } : { fault: slow }
  } catch (error) {
    return { fault: firstLine(error) }
  }
}

const loops = ['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']

/** What could take long in a condition; undefined when nothing could. */
const slowPart = (node: ASTNode, isInLoop: boolean): string | undefined => {
  const name = node.op === 'rcall' || node.op === 'call' ? node.args[0] : undefined
  if (name === 'matches')
    return 'Conditions know no regular expressions: use contains, startsWith or endsWith.'
  const isLoop = node.op === 'rcall' && loops.includes(node.args[0])
  if (isLoop && isInLoop) return `A condition can not go through a list within another: ${name}.`
  for (const child of childrenOf(node.args)) {
    const slow = slowPart(child, isInLoop || isLoop)
    if (slow !== undefined) return slow
  }
  return undefined
}

const childrenOf = (args: unknown): ASTNode[] => {
  if (Array.isArray(args)) return args.flatMap(childrenOf)
  return typeof args === 'object' && args !== null && 'op' in args && 'args' in args ? [args as ASTNode] : []
}

/** Errors show the text with an arrow below; the line above says it all. */
const firstLine = (error: unknown): string => {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line.slice(0, 300)
}

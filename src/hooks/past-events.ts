import type { Actor } from '#core/actor.ts'
import { listExecutions } from '#core/hooks/executions.ts'
import type { Execution } from '#core/hooks/hook.ts'
import type { Json, JsonObject } from '#core/json.ts'
import { equal } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'

/** What an event script was told once, and what came of it then. */
export type PastScriptEvent = {
  event: JsonObject
  session: JsonObject
  userId?: string
  at: number
  happened: (Pick<Execution, 'hookName' | 'status' | 'failure' | 'output'> & { executionId: string })[]
}

/**
 * The newest calls on which scripts of this event ran. DreamFactory's events are requests, which are no facts of ours
 * and are kept nowhere else; members that are secrets were left out of them.
 */
export const pastScriptEvents = async (
  run: Run,
  { trigger, last }: { trigger: string; last: number },
  actor: Actor,
): Promise<PastScriptEvent[]> => {
  const order = [{ field: 'number', direction: 'descending' } as const]
  const listing = { filter: equal('trigger', trigger), order, limit: Math.min(100, last * 5) }
  const { items } = await run(listExecutions, { listing }, actor)
  const runs = Map.groupBy(items, ({ runId }) => runId)
  return [...runs.values()].slice(0, last).map((executions) => {
    const first = executions.at(-1)!
    const { name: _name, ...event } = objectOf(first.input.event)
    return {
      event,
      session: objectOf(first.input.session),
      at: first.startedAt,
      ...(first.userId !== undefined && { userId: first.userId }),
      happened: executions.toReversed().map(({ id, hookName, status, failure, output }) => ({
        executionId: id,
        hookName,
        status,
        ...(failure && { failure }),
        ...(output !== undefined && { output }),
      })),
    }
  })
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

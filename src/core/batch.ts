import type { Actor } from './actor.ts'
import { type Command, command, type Services } from './operation.ts'
import { DomainError, type Refusal } from './refusals.ts'
import type { Reader, Tx } from './store.ts'
import type { AskHooks, CommandTriggers } from './triggers.ts'

/**
 * What becomes of the others when one fails: those before it stay and those after it are not tried (`stop`), all are
 * tried (`continue`), or nothing is done at all (`rollback`).
 */
export type BatchMode = 'stop' | 'continue' | 'rollback'

export type Batch<Input> = { items: readonly BatchItem<Input>[]; mode: BatchMode }

/** An item that could not even be read takes its place among the others all the same. */
export type BatchItem<Input> = { input: Input } | { refusal: Refusal }

export type Outcome<Output> = { ok: true; value: Output } | { ok: false; refusal: Refusal }

export type BatchResult<Output> = {
  /** In the order of the items; those that were never tried are missing at the end. */
  outcomes: Outcome<Output>[]
  /** Nothing was kept, whatever the outcomes say. */
  isUndone: boolean
}

type Prepared<Part> = Outcome<Part | undefined>[]

/**
 * The command that does another one many times in one transaction. A failing item leaves no trace of its own; it is a
 * value here, because the others may have been done.
 */
export const batchOf = <Input, Output, Part>(
  name: string,
  each: Command<Input, Output, Part>,
): Command<Batch<Input>, BatchResult<Output>, Prepared<Part>> => {
  if (each.scope || each.self) throw new Error(`${each.name} asks each input for its scope or self`)
  return command({
    name,
    needs: each.needs,
    ...(each.trigger && {
      askEach: async ({ items, mode }, ask) => ({
        items: await askForItems(each.trigger!, items, mode, ask),
      }),
    }),
    prepare: async ({ items }, services, reader, actor) => {
      const prepared: Prepared<Part> = []
      for (const item of items) {
        prepared.push(
          'refusal' in item
            ? { ok: false, refusal: item.refusal }
            : await prepareOne(each, item.input, services, reader, actor),
        )
      }
      return prepared
    },
    run: async (tx, { items, mode }, actor, prepared) => {
      const outcomes: Outcome<Output>[] = []
      const work = async () => {
        for (const [at, item] of items.entries()) {
          const part = prepared[at]!
          const outcome =
            part.ok && 'input' in item ? await runOne(each, tx, item.input, actor, part.value) : refused(part)
          outcomes.push(outcome)
          if (outcome.ok || mode === 'continue') continue
          if (mode === 'rollback') throw new Undo()
          return
        }
      }
      try {
        await tx.attempt(work)
        return { outcomes, isUndone: false }
      } catch (error) {
        if (error instanceof Undo) return { outcomes, isUndone: true }
        throw error
      }
    },
  })
}

/** What hooks refuse is that item's refusal; where the batch ends with it, those behind it are not asked about. */
const askForItems = async <Input>(
  triggers: CommandTriggers<Input>,
  items: readonly BatchItem<Input>[],
  mode: BatchMode,
  ask: AskHooks,
): Promise<BatchItem<Input>[]> => {
  const asked: BatchItem<Input>[] = []
  for (const [at, item] of items.entries()) {
    const outcome = 'input' in item ? await settle(() => ask(triggers, item.input)) : undefined
    if (!outcome) asked.push(item)
    else asked.push(outcome.ok ? { input: outcome.value } : { refusal: outcome.refusal })
    if ('refusal' in asked[at]! && mode !== 'continue') return [...asked, ...items.slice(at + 1)]
  }
  return asked
}

/** Undoes a batch whose outcomes are its answer all the same. */
class Undo extends Error {}

const prepareOne = async <Input, Output, Part>(
  { prepare }: Command<Input, Output, Part>,
  input: Input,
  services: Services,
  reader: Reader,
  actor: Actor,
): Promise<Outcome<Part | undefined>> => settle(async () => prepare?.(input, services, reader, actor))

const runOne = async <Input, Output, Part>(
  { run }: Command<Input, Output, Part>,
  tx: Tx,
  input: Input,
  actor: Actor,
  prepared: Part | undefined,
): Promise<Outcome<Output>> => settle(() => tx.attempt(() => run(tx, input, actor, prepared as Part)))

const refused = (outcome: Outcome<unknown>): Outcome<never> => {
  if (outcome.ok) throw new Error('An item without input was not refused')
  return outcome
}

const settle = async <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, refusal: error.refusal }
    throw error
  }
}

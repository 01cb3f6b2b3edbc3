import type { Databases } from './databases.ts'
import type { Tell } from './progress.ts'

/** How much is measured. */
export type Effort = {
  rounds: number
  seconds: number
  /** How many users the databases hold, from few to many. */
  sizes: readonly number[]
  /** The page of the user list that is compared with the first, and how many users it holds. */
  page: { number: number; size: number }
  restSeconds: number
}

export type Bench = { effort: Effort; databases: Databases; tell: Tell }

/** One line of the table. */
export type Result = {
  measure: string
  target: string
} & (
  | {
      reached: string
      isReached: boolean
      /** The medians behind it, with what varied between the rounds. */
      details: string
    }
  | { missing: string }
)

/** Rows of the table that are measured together. `name` is what `--only` knows them by. */
export type Rows = { name: string; run(bench: Bench): Promise<Result[]> }

export const connections = 50

/** Users of the database that rows without a size of their own work on. */
export const ordinarySize = ({ sizes }: Effort): number => sizes.at(sizes.length > 2 ? 1 : -1)!

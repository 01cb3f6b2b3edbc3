import type { JsonObject } from '../json.ts'

/** Long work that a caller started and asks after. */
export type Job = {
  number: number
  id: string
  kind: 'users-import' | 'users-export' | 'verification-email'
  status: 'pending' | 'processing' | 'completed' | 'failed'
  /** 0 to 100. */
  percentage: number
  input: JsonObject
  /** Counts and where the result lies, when there is one. */
  summary: JsonObject
  createdAt: number
  updatedAt: number
}

/** A line of an import that was refused, and why. */
export type JobError = {
  number: number
  jobId: string
  item: JsonObject
  code: string
  message: string
  path: string
}

import { sharePostgres } from './postgres.ts'

/** Runs once, ahead of all test files. What it starts ends with this process. */
export const globalSetup = sharePostgres

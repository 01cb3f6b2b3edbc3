/** What bounds scripts as a whole. What bounds one script (time, memory, hosts) is in its version. */
export type Limits = {
  /** Processes kept, idle ones included. The one that idled longest makes room. */
  processes: number
  /** Runs that share a process, where a flavour lets them. */
  runsPerProcess: number
  /** Runs that wait for their turn; the next is refused. */
  waiting: number
  /** Bytes printed in one run. */
  outputBytes: number
  /** Lines kept of one run. */
  logLines: number
  /** Calls back into the server in one run, by whatever way. */
  calls: number
  /** Calls of one run that are written down, those to other hosts included. */
  callsKept: number
  /** Runs within runs: a script's call that sets off another script. */
  depth: number
  /** Runs after which a process is replaced. */
  runsBeforeRecycling: number
  /** How long a process may idle. */
  idleMs: number
}

export const defaultLimits: Limits = {
  processes: 12,
  runsPerProcess: 32,
  waiting: 500,
  outputBytes: 1024 * 1024,
  logLines: 1000,
  calls: 200,
  callsKept: 400,
  depth: 4,
  runsBeforeRecycling: 10_000,
  idleMs: 10 * 60 * 1000,
}

/**
 * Lets at most `width` pieces of work run at the same time; at most `queueLimit` more wait, first come first served.
 * `refuse` is called for the next and throws.
 */
export const createTurns = (width: number, queueLimit: number, refuse: () => never) => {
  const waiting: (() => void)[] = []
  let running = 0

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < width) running++
    else {
      if (waiting.length >= queueLimit) refuse()
      // Whoever ends hands the turn over instead of freeing it, so that nobody can push in between.
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

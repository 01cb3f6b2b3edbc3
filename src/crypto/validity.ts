const days = 24 * 60 * 60 * 1000

/** From and until when, in milliseconds since 1970. Certificates themselves count in seconds. */
export type Validity = { notBefore: number; notAfter: number }

/** A span that starts a day early, because the clocks of clients are wrong too. */
export const validFor = (now: number, totalDays: number): Validity => ({
  notBefore: now - days,
  notAfter: now - days + totalDays * days,
})

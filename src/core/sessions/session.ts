import type { Door } from '../actor.ts'
import type { JsonObject } from '../json.ts'

/**
 * Somebody is signed in somewhere: in a browser, through an API, or with a token that he made for a program of his.
 * Only a digest of its secret is kept. Who is blocked or gone has none that counts, whatever is stored.
 */
export type Session = {
  number: number
  id: string
  userId: string
  kind: 'browser' | 'api' | 'personal-token'
  /** The door it was opened through; no other takes it. */
  door: Door
  digest: string
  /** The application that it was opened for. */
  applicationId?: string
  /** What its owner calls it. */
  name?: string
  ip?: string
  userAgent?: string
  /** What only the door needs. */
  data: JsonObject
  /** Milliseconds since 1970. */
  createdAt: number
  /** Counts until just before it; without one it lasts until somebody ends it. */
  expiresAt?: number
}

/** A session as those see it who manage it. */
export type ShownSession = Omit<Session, 'digest'>

export type OpenSession = Pick<Session, 'kind'> &
  Partial<Pick<Session, 'applicationId' | 'name' | 'ip' | 'userAgent' | 'data'>> & {
    /** Without one the session does not expire. */
    lifetimeSeconds?: number
  }

/** The secret is told here and never again. */
export type OpenedSession = Pick<Session, 'id' | 'expiresAt'> & { secret: string }

/** Whether it can be used at an instant. Nothing needs to be swept for it to end. */
export const isLive = ({ expiresAt }: Session, at: number): boolean =>
  expiresAt === undefined || expiresAt > at

export const withoutDigest = ({ digest: _digest, ...shown }: Session): ShownSession => shown

import type { Permission } from './permissions.ts'

/** The way in that a request took; recorded with everything it changed. */
export type Door = 'auth0' | 'dreamfactory' | 'rocketchat' | 'native' | 'oidc' | 'cli' | 'system'

/**
 * Who performs an operation. What he may do is looked up anew for every operation (`rights.ts`), so a role taken
 * away counts on the very next request; `credential` can only narrow that.
 */
export type Actor = {
  kind: 'user' | 'application' | 'system' | 'anonymous'
  /** The user's or application's id; `system` and `anonymous` for the two that have none. */
  id: string
  door: Door
  /** The token at hand, when it was issued for one of the built-in APIs and carries only part of its scopes. */
  credential?: Credential
  /**
   * The built-in API whose permissions decide what he may do here, where a vendor's people are told by its own: what
   * he may through another one counts for nothing then.
   */
  actsBy?: string
  /**
   * The application that he acts through, where the door knows it: the roles he holds there count too, and so does
   * its default role while he has none there.
   */
  within?: `application:${string}`
  /** When he last proved who he is, in milliseconds since 1970, where the door knows it: see `requireRecentProof`. */
  provenAt?: number
  /** The role that says what whoever has not signed in sees of a chat: see `chat/strangers.ts`. */
  strangerRoleId?: string
}

export type Credential = { apiId: string; tokenScopes: readonly string[] }

export const systemActor = (door: Door): Actor => ({ kind: 'system', id: 'system', door })
export const anonymous = (door: Door): Actor => ({ kind: 'anonymous', id: 'anonymous', door })

/** Whether the actor is this very user, for what everybody may do to himself. */
export const isSelf = (actor: Actor, userId: string | undefined): boolean =>
  actor.kind === 'user' && userId !== undefined && actor.id === userId

/** An operation's own word for "no permission needed", with the reason. */
export type Anyone = { anyone: string }
export type Needs = Permission | readonly Permission[] | Anyone

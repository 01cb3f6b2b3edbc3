import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, anonymous } from '#core/actor.ts'
import { chatApiId } from '#core/apis/built-in.ts'
import { decideForStranger, stranger } from '#core/chat/strangers.ts'
import { decide } from '#core/decisions.ts'
import type { Run } from '#core/operation.ts'
import { type Scope, workspace } from '#core/scope.ts'
import { type KnownSession, recogniseSession } from '#core/sessions/read.ts'
import { type Failure, missingPermission, notSignedIn, WireError } from './errors.ts'
import type { ReadSettings } from './settings.table.ts'

/** A permission that a route asks for once the request is known to be well-formed, and what it says without. */
export type LatePermission = { anyOf: readonly string[]; refusal: Failure }

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: LatePermission
    /** Strangers are answered, too, once the setting says so, and see what the role `anonymous` lets them. */
    letsStrangersRead?: boolean
  }
  interface FastifyRequest {
    /** The session at hand and its secret; null on routes that need none and got none. */
    signedIn: (KnownSession & { secret: string }) | null
  }
}

/** Both are needed. What stands there twice is nobody's. */
const credentialOf = ({ headers }: FastifyRequest): { userId: string; secret: string } | undefined => {
  const [userId, secret] = [headers['x-user-id'], headers['x-auth-token']]
  return typeof userId === 'string' && typeof secret === 'string' && userId !== '' && secret !== ''
    ? { userId, secret }
    : undefined
}

/** Nobody, rather than somebody whose session has ended. */
const isStranger = ({ headers }: FastifyRequest): boolean =>
  headers['x-user-id'] === undefined && headers['x-auth-token'] === undefined

/** A person in this door may what his permissions of the API `chat` stand for. */
export const actorOf = (userId: string): Actor => ({
  kind: 'user',
  id: userId,
  door: 'rocketchat',
  actsBy: chatApiId,
})

const nobody = anonymous('rocketchat')

/** Whether the actor holds one of the permissions of the API `chat`, in the workspace or in a room. */
export const holds = async (
  run: Run,
  actor: Actor,
  anyOf: readonly string[],
  scope: Scope = workspace,
): Promise<boolean> => {
  if (actor.strangerRoleId !== undefined) return run(decideForStranger, { anyOf }, actor)
  if (actor.kind !== 'user') return false
  for (const name of anyOf) {
    const permission = { apiId: chatApiId, name }
    if (await run(decide, { userId: actor.id, permission, scope }, actor)) return true
  }
  return false
}

/**
 * Turns `X-User-Id` and `X-Auth-Token` into an actor, and refuses who may not call the route: 401 without a session,
 * 403 without the permission that the route declares in the vendor's words.
 * @see specs: §1.3 and §1.6 of the Rocket.Chat dialect
 */
export const createAuthenticate =
  (run: Run, readSettings: ReadSettings, openChat: () => Promise<void>) =>
  async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    request.actor = nobody
    if (request.is404) return
    const { access, letsStrangersRead } = request.routeOptions.config
    const credential = credentialOf(request)
    const session = credential && (await run(recogniseSession, { secret: credential.secret }, nobody))
    if (session?.user.id === credential?.userId && session && credential) {
      await openChat()
      request.signedIn = { ...session, secret: credential.secret }
      request.actor = actorOf(session.user.id)
    } else if (
      letsStrangersRead &&
      isStranger(request) &&
      (await readSettings()).Accounts_AllowAnonymousRead
    ) {
      await openChat()
      request.actor = stranger('rocketchat')
    } else if (!(access && 'anonymous' in access)) {
      throw new WireError(notSignedIn)
    }
    if (!access || !('tokenScopes' in access)) return
    if (!(await holds(run, request.actor, access.tokenScopes))) throw new WireError(missingPermission)
  }

/** For routes that tell what is wrong with a request before they tell that one may not make it. */
export const createLateCheck =
  (run: Run) =>
  ({ actor, routeOptions }: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    const { permission } = routeOptions.config
    if (!permission) {
      done()
      return
    }
    holds(run, actor, permission.anyOf).then(
      (may) => done(may ? undefined : new WireError(permission.refusal)),
      done,
    )
  }

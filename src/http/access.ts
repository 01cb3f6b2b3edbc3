import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Actor } from '#core/actor.ts'

/**
 * What a route asks of the credential, in the words of its dialect. What the actor may do is the operation's own
 * question, asked again in `run`.
 */
export type Access =
  /** Nobody needs to be anybody; says why. */
  | { anonymous: string }
  /** Any credential of the dialect will do; says why. */
  | { authenticated: string }
  /** A role of the caller must have a service access row that lets this resource through. */
  | { serviceAccess: string }
  /** The token must carry these scopes, `any` of them unless said otherwise. */
  | { tokenScopes: readonly string[]; match?: 'any' | 'all' }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Who asks; set by the dialect before the handler runs. */
    actor: Actor
    /** The issuer that this request's host stands for: its origin with a final slash. */
    issuer: string
  }
}

export type DeclaredRoute = { method: string; url: string; access: Access }

/**
 * Refuses to start when a route does not say who may call it.
 * @returns every route, in the order of registration, filled while the application loads
 */
export const guardRoutes = (app: FastifyInstance): readonly DeclaredRoute[] => {
  const registered: RouteOptions[] = []
  const declared: DeclaredRoute[] = []
  app.addHook('onRoute', (route: RouteOptions) => {
    registered.push(route)
  })
  // Looked at when all is loaded: a plugin may declare access for the routes of a library it registers.
  app.addHook('onReady', async () => {
    for (const route of registered) {
      const access = route.config?.access
      const methods = Array.isArray(route.method) ? route.method : [route.method]
      if (!access) throw new Error(`${methods.join(', ')} ${route.url} does not declare its access`)
      for (const method of methods) if (method !== 'HEAD') declared.push({ method, url: route.url, access })
    }
  })
  return declared
}

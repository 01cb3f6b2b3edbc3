import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Run } from '#core/operation.ts'
import type { Issuers } from './api-identifiers.ts'

/** What the routes of this dialect get to work with. */
export type Auth0Parts = {
  run: Run
  issuers: () => Issuers
}

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type Auth0Routes = (app: Instance, parts: Auth0Parts) => Promise<void>

import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

export type DialectDocument = {
  title: string
  description: string
  /** Where the document is served. */
  path: string
}

/**
 * Collects the routes registered after it, in this plugin, into one OpenAPI document. Call it inside a dialect's own
 * plugin, so that each dialect has a document of its own.
 */
export const documentRoutes = async (app: FastifyInstance, { title, description, path }: DialectDocument) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
  })
  app.get(
    path,
    { config: { access: { anonymous: 'what the API looks like is public' } }, schema: { hide: true } },
    async () => app.swagger(),
  )
}

import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'

const access = { anonymous: 'what the APIs look like is public' }

/** Whoever opens the bare address in a browser finds something to read, where no dashboard was built. */
export const bareAddress: FastifyPluginAsync = async (app) => {
  app.get('/', { config: { access }, schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/'))
}

type Document = { title: string; url: string }

/**
 * The API reference of every door, from files of our own: nothing is fetched from elsewhere. It is several megabytes of
 * scripts that few servers are ever asked for, so it is loaded with the first request for it.
 */
export const docsRoutes =
  (documents: readonly Document[]): FastifyPluginAsync =>
  async (app) => {
    let loading: Promise<FastifyInstance> | undefined
    app.addHook('onClose', async () => (await loading)?.close())
    for (const path of ['/docs', '/docs/', '/docs/js/scalar.js']) {
      app.get(path, { config: { access }, schema: { hide: true } }, async ({ url }, reply) => {
        loading ??= createReference(documents)
        const { statusCode, headers, rawPayload } = await (await loading).inject(url)
        for (const name of ['content-type', 'location']) {
          if (headers[name] !== undefined) reply.header(name, headers[name])
        }
        return reply.code(statusCode).send(rawPayload)
      })
    }
  }

const createReference = async (documents: readonly Document[]): Promise<FastifyInstance> => {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const app = fastify()
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      sources: documents.map(({ title, url }, index) => ({ title, url, default: index === 0 })),
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
      showDeveloperTools: 'never',
      // Both would send the document to somebody else's service.
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  return app
}

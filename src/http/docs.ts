import scalar from '@scalar/fastify-api-reference'
import type { FastifyPluginAsync } from 'fastify'

const access = { anonymous: 'what the APIs look like is public' }

/** Whoever opens the bare address in a browser finds something to read, where no dashboard was built. */
export const bareAddress: FastifyPluginAsync = async (app) => {
  app.get('/', { config: { access }, schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/'))
}

/** The API reference of every door, from files of our own: nothing is fetched from elsewhere. */
export const docsRoutes =
  (documents: readonly { title: string; url: string }[]): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRoute', (route) => {
      route.config = { access, ...route.config }
    })
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
  }

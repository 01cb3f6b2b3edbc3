import { explain } from '#core/roles/explain.ts'
import { decodeExplainQuery, ExplainQuery, encodeExplanation, WireExplanation } from './explain.wire.ts'
import type { NativeRoutes } from './parts.ts'

export const explainRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/explain',
    {
      config: { access: { authenticated: 'people may ask about themselves; others need decisions:read' } },
      schema: {
        summary: 'Why does a user hold a role, or may do something, in a scope; and if not, what is missing?',
        querystring: ExplainQuery,
        response: { 200: WireExplanation },
      },
    },
    async ({ query, actor }) => encodeExplanation(await run(explain, decodeExplainQuery(query), actor)),
  )
}

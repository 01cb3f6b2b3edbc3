import { environmentTable } from '#src/config.ts'
import { renderClient } from '../dashboard/generate/client.ts'
import { attemptRoutes, renderOperations, renderRoutes } from './access.ts'
import { startServer, type TestServer } from './harness/server.ts'
import { renderSchema } from './store/schema.ts'

export type Generated = {
  /** From the root of the project. */
  path: string
  /** What the file should hold, given what it holds. */
  render(before: string): Promise<string>
}

const withServer = async <T>(work: (server: TestServer) => Promise<T>): Promise<T> => {
  const server = await startServer()
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

const openapi = (dialect: string, url: string): Generated => ({
  path: `openapi/${dialect}.json`,
  render: () =>
    withServer(async (server) => `${JSON.stringify((await server.call('GET', url)).body, null, 2)}\n`),
})

/** Every file that is written by the project about itself, and compared in CI. */
export const generated: readonly Generated[] = [
  {
    path: 'README.md',
    render: async (before) =>
      before.replace(
        /<!-- environment -->[\s\S]*<!-- \/environment -->/u,
        () => `<!-- environment -->\n${environmentTable()}\n<!-- /environment -->`,
      ),
  },
  { path: 'docs/access/operations.txt', render: renderOperations },
  {
    path: 'docs/access/routes.txt',
    render: () => withServer(async (server) => renderRoutes(await attemptRoutes(server))),
  },
  { path: 'src/store/schema/sqlite.sql', render: () => renderSchema('sqlite') },
  { path: 'src/store/schema/postgres.sql', render: () => renderSchema('postgres') },
  openapi('auth0', '/api/v2/openapi.json'),
  openapi('rocketchat', '/api/v1/openapi.json'),
  openapi('dreamfactory', '/api/v2/system/openapi.json'),
  openapi('native', '/api/rolecall/v1/openapi.json'),
  // From the document above it, as it was just written.
  { path: 'dashboard/src/api/native.ts', render: renderClient },
]

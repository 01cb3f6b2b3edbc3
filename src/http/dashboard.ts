import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import files from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'

const access = { anonymous: 'the page shows nothing by itself; what it asks for is guarded' }

/** What stands for the nonce in the built page. */
const placeholder = '__NONCE__'

export type Dashboard = {
  /** Answers with the page; it finds out by itself where in it the address leads. */
  sendPage(reply: FastifyReply): Promise<FastifyReply>
  routes: FastifyPluginAsync
}

/**
 * Serves what `npm start` built: the page at every address that is nobody else's, and its assets, whose names change
 * with their content. Scripts and styles come from here alone.
 * @param owns whether an address belongs to a door, which then words what is not there
 */
export const createDashboard = (directory: string, owns: (path: string) => boolean): Dashboard => {
  const sendPage: Dashboard['sendPage'] = async (reply) => {
    const page = await readFile(join(directory, 'index.html'), 'utf8')
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .type('text/html; charset=utf-8')
      .headers({ ...pageHeaders, 'content-security-policy': policyWith(nonce) })
      .send(page.replaceAll(placeholder, nonce))
  }
  return {
    sendPage,
    routes: async (app) => {
      app.addHook('onRoute', (route) => {
        route.config = { access, ...route.config }
        route.schema = { hide: true, ...route.schema }
      })
      await app.register(files, {
        root: join(directory, 'assets'),
        prefix: '/assets/',
        index: false,
        decorateReply: false,
        preCompressed: true,
        immutable: true,
        maxAge: '1y',
        setHeaders: (reply) => {
          reply.header('x-content-type-options', 'nosniff')
          reply.header('cross-origin-resource-policy', 'same-origin')
        },
      })
      app.get('/*', async (request, reply) => {
        const isPage = request.headers.accept?.includes('text/html') ?? false
        const path = request.url.split('?', 1)[0]!
        return isPage && !owns(path) ? sendPage(reply) : reply.callNotFound()
      })
      app.get('/', async (_request, reply) => sendPage(reply))
    },
  }
}

const pageHeaders = {
  // Asked for anew each time: it names the assets of the newest build.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

/** Pictures come from here too, since one that somebody else serves would tell him who looks, and when. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

import { createHash, randomBytes } from 'node:crypto'
import type { Application } from '#core/applications/application.ts'
import { secretContext } from '#core/applications/application.ts'
import type { Answer, TestServer } from '#test/harness/server.ts'

/** A browser without JavaScript: it keeps cookies, follows redirects on the server and fills in forms. */
export type Visitor = {
  cookies: Map<string, string>
  /** One request; redirects are not followed. */
  ask(method: 'GET' | 'POST', path: string, form?: Record<string, string>): Promise<Answer>
  /** Goes on until there is a page, or an address that is not the server's. */
  go(path: string): Promise<Stop>
  /** Fills in the first form of a page, its hidden fields included, and sends it. */
  submit(page: Answer, fields: Record<string, string>): Promise<Stop>
}

/** Where a visit came to a halt: at a page, or on the way to somewhere else. */
export type Stop = { page?: Answer; away?: URL }

export const visitor = (server: TestServer): Visitor => {
  const cookies = new Map<string, { value: string; path: string }>()
  const ask: Visitor['ask'] = async (method, path, form) => {
    const { pathname } = new URL(path, server.origin)
    const cookie = [...cookies]
      .filter(([, { path: at }]) => pathname === at || pathname.startsWith(at.endsWith('/') ? at : `${at}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const answer = await server.call(method, path, {
      ...(form && { body: new URLSearchParams(form).toString() }),
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    })
    for (const text of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(text)!
      const [, at = '/'] = /; ?path=([^;]+)/iu.exec(text) ?? []
      if (value === '' || /max-age=0|1970/iu.test(text)) cookies.delete(name!)
      else cookies.set(name!, { value: value!, path: at })
    }
    return answer
  }
  const follow = async (answer: Answer): Promise<Stop> => {
    const { location } = answer.headers
    if (location === undefined) return { page: answer }
    const target = new URL(location, server.origin)
    if (target.origin !== server.origin) return { away: target }
    return follow(await ask('GET', target.pathname + target.search))
  }
  return {
    get cookies() {
      return new Map([...cookies].map(([name, { value }]) => [name, value]))
    },
    ask,
    go: async (path) => follow(await ask('GET', path)),
    submit: async (page, fields) => {
      const [, action, inside] =
        /<form method="post" action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/u.exec(page.text) ?? []
      if (action === undefined) throw new Error(`There is no form in ${page.text.slice(0, 300)}`)
      const hidden = [...inside!.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/gu)]
      const form = Object.fromEntries(hidden.map(([, name, value]) => [name!, value!]))
      return follow(await ask('POST', action, { ...form, ...fields }))
    },
  }
}

export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export const callback = 'https://app.example.com/callback'

/** An application that people sign in to; made beside the doors. */
export const addApplication = async (
  { server }: TestServer,
  { secret, ...given }: Partial<Application> & { id: string; secret?: string },
): Promise<void> => {
  const { store, services } = server.workspace
  await store.write(async (tx) => {
    await tx.applications.insert({
      name: given.id,
      description: '',
      kind: 'regular_web',
      isFirstParty: true,
      isActive: true,
      isGlobal: false,
      grantTypes: ['authorization_code', 'refresh_token', 'implicit'],
      tokenEndpointAuthMethod: secret === undefined ? 'none' : 'client_secret_post',
      callbacks: [callback],
      allowedLogoutUrls: ['https://app.example.com/bye'],
      webOrigins: [],
      metadata: {},
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
      ...(secret !== undefined && { sealedSecret: services.sealer.seal(secret, secretContext(given.id)) }),
      ...given,
    })
  })
}

export const claims = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

export const header = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())

/** The address of `/authorize` for a sign-in with PKCE. */
export const authorizePath = (params: Record<string, string>): string =>
  `/authorize?${new URLSearchParams({ response_type: 'code', redirect_uri: callback, ...params })}`

/** What a page says, without how it looks. */
export const textOf = (page: Answer | undefined): string =>
  (page?.text ?? '')
    .replaceAll(/<style[\s\S]*?<\/style>/gu, '')
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')

import { QueryClient, queryOptions } from '@tanstack/react-query'
import createClient, { type MaybeOptionalInit } from 'openapi-fetch'
import type { paths as AllPaths } from './api/native.ts'

/** The one way to the server: its native API, as its OpenAPI document describes it. */

const base = '/api/rolecall/v1'

/** Routes of the native API, without the prefix that all of them have. */
export type Routes = {
  [Path in keyof AllPaths as Path extends `${typeof base}${infer Rest}` ? Rest : never]: AllPaths[Path]
}

/** What the server says when it refuses. @see RFC 9457 */
export type Problem = {
  title: string
  status: number
  detail: string
  code: string
  errors?: readonly { in: string; path: string; message: string }[]
  [member: string]: unknown
}

/** An answer that is a refusal; its message is the server's own. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** No answer at all: the server is away, or the way to it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

let csrfToken: string | undefined

export const server = createClient<Routes>({ baseUrl: base })

/** Why somebody has to sign in over the page: his session is over, or what he does asks for a recent proof. */
export type SignInReason = 'ended' | 'proof'

let whenUnknown = (_reason: SignInReason) => {}

/** Told when the server wants to know us anew; the address that asks who is signed in speaks for itself. */
export const onUnknown = (listener: (reason: SignInReason) => void): void => {
  whenUnknown = listener
}

server.use({
  onRequest: ({ request }) => {
    if (request.method !== 'GET' && csrfToken !== undefined) request.headers.set('x-csrf-token', csrfToken)
    return request
  },
  onResponse: ({ response, schemaPath }) => {
    if (response.status !== 401 || schemaPath === '/session') return
    const challenge = response.headers.get('www-authenticate') ?? ''
    whenUnknown(challenge.includes('insufficient_user_authentication') ? 'proof' : 'ended')
  },
  onError: ({ error }) =>
    error instanceof DOMException && error.name === 'AbortError' ? error : new Unreachable(String(error)),
})

/** Told once the session is known: what writes prove themselves with. */
export const keepCsrfToken = (token: string | undefined): void => {
  csrfToken = token
}

type Answer<Data> = Promise<{ data?: Data; error?: unknown; response: Response }>

/** The answer's data. @throws Refused, Unreachable */
export const answered = async <Data>(call: Answer<Data>): Promise<Data> => {
  const { data, error, response } = await call
  if (response.ok) return data as Data
  throw new Refused(asProblem(error, response))
}

const asProblem = (body: unknown, { status, statusText }: Response): Problem =>
  typeof body === 'object' && body !== null && 'code' in body
    ? (body as Problem)
    : { title: statusText || 'No answer', status, detail: `The server answered ${status}.`, code: 'unknown' }

type Readable = {
  [Path in keyof Routes]: Routes[Path] extends { get: unknown } ? Path : never
}[keyof Routes]

type DataOf<Path extends Readable> = Routes[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Data } } } }
}
  ? Data
  : never

export type Init<Path extends Readable> = Routes[Path] extends { get: infer Get }
  ? Get extends Record<string | number, unknown>
    ? MaybeOptionalInit<{ get: Get }, 'get'>
    : { params?: object }
  : never

/** A read as TanStack Query takes it; its key is what is asked. */
export const read = <Path extends Readable>(path: Path, init?: Init<Path>) =>
  queryOptions({
    queryKey: [path, init ?? null] as const,
    queryFn: ({ signal }): Promise<DataOf<Path>> =>
      // The types agree with the caller's, which is where they are checked.
      // biome-ignore lint/suspicious/noExplicitAny: see above
      answered((server.GET as any)(path, { ...init, signal })),
  })

/** What one entry of a list is. */
export type Item<Path extends Readable> = DataOf<Path> extends { items: (infer Each)[] } ? Each : never
export type Data<Path extends Readable> = DataOf<Path>

export type User = Data<'/users/{id}'>
export type Role = Data<'/roles/{id}'>
export type Assignment = Item<'/assignments'>
export type Application = Data<'/applications/{id}'>
export type Api = Data<'/apis/{id}'>
export type Hook = Data<'/hooks/{id}'>
/** What a draft did with events, tried without effect. */
export type Trials = Routes['/hooks/{id}/dry-run']['post']['responses'][200]['content']['application/json']
export type Event = Item<'/events'>
export type Session = Data<'/session'>
export type Explanation = Data<'/explain'>

/** The rest of a list, page by page, for choices that must be complete; ends at `most`. */
export const readAll = async <Path extends Readable>(
  path: Path,
  query: object = {},
  most = 1000,
): Promise<Item<Path>[]> => {
  const items: Item<Path>[] = []
  let after: string | undefined
  do {
    const page = (await answered(
      // biome-ignore lint/suspicious/noExplicitAny: the types agree with the caller's
      (server.GET as any)(path, { params: { query: { ...query, limit: 200, after } } }),
    )) as { items: Item<Path>[]; next: string | null }
    items.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined && items.length < most)
  return items
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => error instanceof Unreachable && count < 3,
      refetchOnWindowFocus: true,
    },
  },
})

import Type from 'typebox'
import { sameValue } from '#core/changes.ts'
import { DomainError } from '#core/refusals.ts'
import { WireError } from './errors.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { type Fixed, type Rare, rare } from './rare.table.ts'

export const rareRoutes: Auth0Routes = async (app) => {
  for (const family of rare) addRoute(app, family)
  // Factors are read as a list, and set one by one.
  addSetter(app, '/guardian/factors/:name', { enabled: false }, ['PUT', 'update:guardian_factors'])
}

const Anything = Type.Object({}, { additionalProperties: true })
type Instance = Parameters<Auth0Routes>[0]

const wordsOf = (path: string): string =>
  path
    .slice(1)
    .replaceAll(/[/-]/gu, ' ')
    .replaceAll(/:(\w+)/gu, '$1')

const addRoute = (app: Instance, family: Rare): void => {
  const { path, scopes: tokenScopes } = family
  const config = { access: { tokenScopes } }
  const summary = `Get ${wordsOf(path)}`
  if ('missing' in family) {
    app.get(path, { config, schema: { summary } }, async () => {
      throw new WireError(404, ...family.missing)
    })
  } else if ('answer' in family) {
    const { answer } = family
    const response = { 200: Array.isArray(answer) ? Type.Array(Anything) : Anything }
    app.get(path, { config, schema: { summary, response } }, async () => answer)
    if (family.set) addSetter(app, path, answer, family.set)
  } else {
    const { list } = family
    const response = { 200: paged(list, Anything) }
    app.get(
      path,
      { config, schema: { summary, querystring: Type.Object(CheckpointQuery), response } },
      async ({ query }) => encodePage(list, decodePaging(query), { items: [], total: 0 }),
    )
  }
}

const addSetter = (
  app: Instance,
  path: string,
  answer: Fixed['answer'],
  [method, scope]: NonNullable<Fixed['set']>,
): void => {
  const isList = Array.isArray(answer)
  app.route({
    method,
    url: path,
    config: { access: { tokenScopes: [scope] } },
    schema: {
      summary: `Set ${wordsOf(path)} to what it is`,
      body: isList ? Type.Array(Type.Unknown()) : Anything,
      response: { 200: isList ? Type.Array(Anything) : Anything },
    },
    handler: async ({ body }) => {
      const wanted = isList ? body : { ...answer, ...(body as object) }
      if (!sameValue(wanted, answer)) throw new DomainError({ code: 'unsupported', what: wordsOf(path) })
      return answer
    },
  })
}

import Type from 'typebox'
import { equal, every, type Filter } from '#core/listing.ts'
import { findNames, isUsernameFree } from '#core/users/names.ts'
import { getPerson } from '#core/users/people.ts'
import { holds } from './authenticate.ts'
import { plain, refuse, thrown } from './errors.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { requireNotReserved } from './username-rules.ts'

const text = Type.Optional(Type.String())

/** Who is called what, and who could be. @see specs: §5.8 of the Rocket.Chat dialect */
export const userNameRoutes: RocketchatRoutes = async (app, { run, settings }) => {
  app.get(
    '/users.checkUsernameAvailability',
    {
      config: { access: { authenticated: 'who there is, everybody may know' } },
      schema: {
        summary: 'Tell whether a user name is free',
        querystring: Type.Object(
          { username: Type.String({ minLength: 1 }) },
          { additionalProperties: false },
        ),
        response: { 200: answer({ result: Type.Boolean() }) },
      },
    },
    async ({ query, actor }) => {
      requireNotReserved(query.username, await settings())
      return ok({ result: await run(isUsernameFree, { username: query.username }, actor) })
    },
  )

  app.get(
    '/users.getUsernameSuggestion',
    {
      config: { access: { authenticated: 'from what the caller is called' } },
      schema: { summary: 'Suggest a user name', response: { 200: answer({ result: Type.String() }) } },
    },
    async ({ actor }) => {
      const { details: own } = await run(getPerson, { id: actor.id }, actor)
      const base = (own?.name ?? own?.email?.replace(/@.*$/u, '') ?? own?.username ?? 'user')
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/\s+/gu, '.')
        .replaceAll(/[^0-9a-z\-_.]/gu, '')
      for (let number = 0; number < 100; number += 1) {
        const username = number === 0 ? base || 'user' : `${base || 'user'}-${number}`
        if (await run(isUsernameFree, { username }, actor)) return ok({ result: username })
      }
      return ok({ result: `${base}-${actor.id.slice(-6)}` })
    },
  )

  app.get(
    '/users.autocomplete',
    {
      config: { access: { authenticated: 'who there is, everybody may know' } },
      schema: {
        summary: 'Find users by the beginning of a name',
        querystring: Type.Object({ selector: text }),
        response: {
          200: answer({
            items: Type.Array(
              Type.Object({
                _id: Type.String(),
                username: text,
                name: text,
                nickname: text,
                status: Type.String(),
              }),
            ),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      if (given(query.selector) === undefined) return refuse(plain("The 'selector' param is required"))
      const { term, exceptions } = parseSelector(query.selector!)
      const found: Filter[] = ['username', 'name'].map((field) => ({
        field,
        like: ['', term, ''],
        ignoreCase: true,
      }))
      const filter = every(
        term === '' ? undefined : { any: found },
        exceptions.length === 0
          ? undefined
          : { not: { field: 'username', in: exceptions, ignoreCase: true } },
        { not: equal('isBlocked', true) },
      )
      const onlyFellows = !(await holds(run, actor, ['view-outside-room']))
      const people = await run(findNames, { filter: filter!, limit: 10, onlyFellows }, actor)
      return ok({
        items: people.map(({ id, username, name, nickname }) => ({
          _id: id,
          ...(username !== undefined && { username }),
          ...(name !== undefined && { name }),
          ...(nickname !== undefined && { nickname }),
          status: 'offline',
        })),
      })
    },
  )
}

const parseSelector = (text: string): { term: string; exceptions: string[] } => {
  try {
    const { term = '', exceptions = [] } = JSON.parse(text) as { term?: unknown; exceptions?: unknown }
    const texts = Array.isArray(exceptions) ? exceptions : [undefined]
    if (typeof term === 'string' && texts.every((each) => typeof each === 'string')) {
      return { term: term.slice(0, 200), exceptions: texts.slice(0, 100) as string[] }
    }
  } catch {
    // Told below.
  }
  return refuse(thrown('error-invalid-query', `Invalid query parameter provided: "${text.slice(0, 200)}"`))
}

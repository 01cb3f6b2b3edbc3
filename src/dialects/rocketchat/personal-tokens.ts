import Type, { type Static } from 'typebox'
import type { Json } from '#core/json.ts'
import { createPersonalToken } from '#core/sessions/open.ts'
import { endPersonalToken, renewPersonalToken } from '#core/sessions/personal.ts'
import { listSessions } from '#core/sessions/read.ts'
import { plain, refuse, thrown } from './errors.ts'
import { answer, given, instant, ok, type RocketchatRoutes } from './parts.ts'

const NamedToken = Type.Object({
  tokenName: Type.Optional(Type.String()),
  bypassTwoFactor: Type.Optional(Type.Boolean()),
})

const nameOf = ({ tokenName }: Static<typeof NamedToken>): string =>
  given(tokenName) ?? refuse(plain("The 'tokenName' param is required"))

const notAuthorized = (method: string) =>
  thrown('not-authorized', 'Not Authorized', { method: `personalAccessTokens:${method}` })

const unknownToken = thrown('error-token-does-not-exists', 'Token does not exist')

const lastPartOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** @see specs: §1.4 of the Rocket.Chat dialect */
export const personalTokenRoutes: RocketchatRoutes = async (app, { run }) => {
  const configOf = (method: string) =>
    ({
      access: { authenticated: 'create-personal-access-tokens is asked for with 400, as the vendor does' },
      permission: { anyOf: ['create-personal-access-tokens'], refusal: notAuthorized(method) },
      secondFactor: true,
      words: {
        missing: { session: unknownToken },
        refusals: { taken: thrown('error-token-already-exists', 'A token with this name already exists') },
      },
    }) as const
  const Token = answer({ token: Type.String() })

  app.post(
    '/users.generatePersonalAccessToken',
    {
      config: configOf('generateToken'),
      schema: { summary: 'Make a token for a program of yours', body: NamedToken, response: { 200: Token } },
    },
    async ({ body, actor }) => {
      const data = { bypassTwoFactor: body.bypassTwoFactor === true }
      const input = { userId: actor.id, name: nameOf(body), data }
      return ok({ token: (await run(createPersonalToken, input, actor)).secret })
    },
  )

  app.post(
    '/users.regeneratePersonalAccessToken',
    {
      config: configOf('regenerateToken'),
      schema: { summary: 'Put a new token in place of one', body: NamedToken, response: { 200: Token } },
    },
    async ({ body, actor }) => {
      const input = { userId: actor.id, name: nameOf(body) }
      return ok({ token: (await run(renewPersonalToken, input, actor)).secret })
    },
  )

  app.post(
    '/users.removePersonalAccessToken',
    {
      config: configOf('removeToken'),
      schema: { summary: 'End a token', body: NamedToken, response: { 200: answer({}) } },
    },
    async ({ body, actor }) => {
      await run(endPersonalToken, { userId: actor.id, name: nameOf(body) }, actor)
      return ok({})
    },
  )

  app.get(
    '/users.getPersonalAccessTokens',
    {
      config: { access: { tokenScopes: ['create-personal-access-tokens'] } },
      schema: {
        summary: 'List your tokens',
        response: {
          200: answer({
            tokens: Type.Array(
              Type.Object({
                name: Type.String(),
                createdAt: Type.String(),
                lastTokenPart: Type.String(),
                bypassTwoFactor: Type.Boolean(),
              }),
            ),
          }),
        },
      },
    },
    async ({ actor }) => {
      const sessions = await run(listSessions, { userId: actor.id, kinds: ['personal-token'] }, actor)
      const own = sessions.filter(({ door }) => door === 'rocketchat')
      return ok({
        tokens: own.map(({ name = '', createdAt, data }) => ({
          name,
          createdAt: instant(createdAt),
          lastTokenPart: lastPartOf(data.lastPart),
          bypassTwoFactor: data.bypassTwoFactor === true,
        })),
      })
    },
  )
}

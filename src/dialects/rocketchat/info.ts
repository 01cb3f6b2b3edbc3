import Type from 'typebox'
import { answer, ok, type RocketchatRoutes } from './parts.ts'

/** The release whose answers ours follow where releases differ. Clients read it to choose how they behave. */
export const followedVersion = '7.2.0'

const Info = answer({ version: Type.String() })

/** Outside of `/api/v1`: how clients find out whether there is a server, and which. */
export const probeRoutes: RocketchatRoutes = async (app) => {
  app.get(
    '',
    {
      config: { access: { anonymous: 'which release the answers follow is public' } },
      schema: { summary: 'Tell which release the answers follow', response: { 200: Info } },
    },
    async () => ok({ version: followedVersion }),
  )
}

export const infoRoutes: RocketchatRoutes = async (app) => {
  app.get(
    '/info',
    {
      config: { access: { anonymous: 'which release the answers follow is public' } },
      schema: { summary: 'Tell which release the answers follow', response: { 200: Info } },
    },
    async () => ok({ version: followedVersion }),
  )

  // Some clients look here whether roles of one's own can be used; a licence is never needed for them.
  app.get(
    '/licenses.info',
    {
      config: { access: { authenticated: 'tells only that roles of one’s own can be used' } },
      schema: {
        summary: 'Tell that custom roles can be used',
        response: {
          200: answer({
            license: Type.Object({
              activeModules: Type.Array(Type.String()),
              preventedActions: Type.Object({}),
              limits: Type.Object({}),
              tags: Type.Array(Type.String()),
              trial: Type.Boolean(),
              license: Type.Object({
                version: Type.String(),
                information: Type.Object({}, { additionalProperties: true }),
              }),
            }),
          }),
        },
      },
    },
    async () =>
      ok({
        license: {
          activeModules: ['custom-roles'],
          preventedActions: {},
          limits: {},
          tags: [],
          trial: false,
          license: { version: '3.0', information: { autoRenew: true, legal: { type: 'free' } } },
        },
      }),
  )
}

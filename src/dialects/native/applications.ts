import Type from 'typebox'
import { createApplication } from '#core/applications/create.ts'
import { deleteApplication } from '#core/applications/delete.ts'
import { getApplication, listApplications } from '#core/applications/read.ts'
import { readApplicationSecrets, rotateApplicationSecret, setApiKey } from '#core/applications/secrets.ts'
import { updateApplication } from '#core/applications/update.ts'
import {
  ApplicationChanges,
  ApplicationQuery,
  decodeApplicationChanges,
  decodeApplicationQuery,
  decodeNewApplication,
  encodeApplication,
  encodeApplicationWithSecrets,
  NewApiKey,
  NewApplication,
  WireApplication,
  WireApplicationWithSecrets,
  WireSecrets,
} from './applications.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const ApplicationParams = Type.Object({ id: Type.String({ description: 'The id of the application.' }) })

export const applicationRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/applications',
    {
      config: { access: { tokenScopes: ['applications:read'] } },
      schema: {
        summary: 'List applications',
        querystring: ApplicationQuery,
        response: { 200: paged(WireApplication) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listApplications, decodeApplicationQuery(query), actor), encodeApplication),
  )

  app.post(
    '/applications',
    {
      config: { access: { tokenScopes: ['applications:create'] } },
      schema: {
        summary: 'Create an application',
        description: 'The answer has the secret and API key that were made; they are not shown again.',
        body: NewApplication,
        response: { 201: WireApplicationWithSecrets },
      },
    },
    async ({ body, actor }, reply) => {
      const application = await run(createApplication, decodeNewApplication(body), actor)
      return reply.code(201).send(encodeApplicationWithSecrets(application))
    },
  )

  app.get(
    '/applications/:id',
    {
      config: { access: { tokenScopes: ['applications:read', 'applications:read-secrets'] } },
      schema: {
        summary: 'Read an application',
        params: ApplicationParams,
        response: { 200: WireApplication },
      },
    },
    async ({ params, actor }) =>
      encodeApplication(await run(getApplication, { applicationId: params.id }, actor)),
  )

  app.patch(
    '/applications/:id',
    {
      config: { access: { tokenScopes: ['applications:update'] } },
      schema: {
        summary: 'Change an application',
        params: ApplicationParams,
        body: ApplicationChanges,
        response: { 200: WireApplication },
      },
    },
    async ({ params, body, actor }) =>
      encodeApplication(await run(updateApplication, decodeApplicationChanges(params.id, body), actor)),
  )

  app.delete(
    '/applications/:id',
    {
      config: { access: { tokenScopes: ['applications:delete'] } },
      schema: {
        summary: 'Delete an application with its grants and the roles held in it',
        params: ApplicationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteApplication, { applicationId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/applications/:id/secrets',
    {
      config: { access: { tokenScopes: ['applications:read-secrets'] } },
      schema: {
        summary: 'Read what an application authenticates with',
        params: ApplicationParams,
        response: { 200: WireSecrets },
      },
    },
    async ({ params, actor }) => run(readApplicationSecrets, { applicationId: params.id }, actor),
  )

  app.post(
    '/applications/:id/rotate-secret',
    {
      config: { access: { tokenScopes: ['applications:update-secrets'] } },
      schema: {
        summary: 'Give an application a new secret; the old one stops working at once',
        params: ApplicationParams,
        response: { 200: WireApplicationWithSecrets },
      },
    },
    async ({ params, actor }) =>
      encodeApplicationWithSecrets(await run(rotateApplicationSecret, { applicationId: params.id }, actor)),
  )

  app.put(
    '/applications/:id/api-key',
    {
      config: { access: { tokenScopes: ['applications:update-secrets'] } },
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        summary: 'Give an application an API key of the DreamFactory dialect, this one or a new one',
        params: ApplicationParams,
        body: NewApiKey,
        response: { 200: WireApplicationWithSecrets },
      },
    },
    async ({ params, body, actor }) =>
      encodeApplicationWithSecrets(await run(setApiKey, { applicationId: params.id, ...body }, actor)),
  )
}

import Type from 'typebox'
import { createApi } from '#core/apis/create.ts'
import { deleteApi } from '#core/apis/delete.ts'
import { addApiPermission, removeApiPermission } from '#core/apis/permissions.ts'
import { getApi, listApiPermissions, listApis } from '#core/apis/read.ts'
import { updateApi } from '#core/apis/update.ts'
import {
  ApiChanges,
  ApiPermissionBody,
  ApiPermissionQuery,
  ApiQuery,
  decodeApiChanges,
  decodeApiPermissionQuery,
  decodeApiQuery,
  decodeNewApi,
  encodeApi,
  encodeApiPermission,
  NewApi,
  WireApi,
  WireApiPermission,
} from './apis.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const ApiParams = Type.Object({ id: Type.String({ description: 'The id of the API, or its identifier.' }) })
const PermissionParams = Type.Object({
  ...ApiParams.properties,
  name: Type.String({ description: 'The name of the permission.' }),
})

export const apiRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/apis',
    {
      config: { access: { tokenScopes: ['apis:read'] } },
      schema: { summary: 'List APIs', querystring: ApiQuery, response: { 200: paged(WireApi) } },
    },
    async ({ query, actor }) =>
      encodePage(await run(listApis, { listing: decodeApiQuery(query) }, actor), encodeApi),
  )

  app.post(
    '/apis',
    {
      config: { access: { tokenScopes: ['apis:create'] } },
      schema: { summary: 'Create an API', body: NewApi, response: { 201: WireApi } },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeApi(await run(createApi, decodeNewApi(body), actor))),
  )

  app.get(
    '/apis/:id',
    {
      config: { access: { tokenScopes: ['apis:read'] } },
      schema: { summary: 'Read an API', params: ApiParams, response: { 200: WireApi } },
    },
    async ({ params, actor }) => encodeApi(await run(getApi, { api: params.id }, actor)),
  )

  app.patch(
    '/apis/:id',
    {
      config: { access: { tokenScopes: ['apis:update'] } },
      schema: { summary: 'Change an API', params: ApiParams, body: ApiChanges, response: { 200: WireApi } },
    },
    async ({ params, body, actor }) =>
      encodeApi(await run(updateApi, decodeApiChanges(params.id, body), actor)),
  )

  app.delete(
    '/apis/:id',
    {
      config: { access: { tokenScopes: ['apis:delete'] } },
      schema: {
        summary: 'Delete an API with its permissions and client grants',
        params: ApiParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteApi, { api: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/apis/:id/permissions',
    {
      config: { access: { tokenScopes: ['apis:read'] } },
      schema: {
        summary: 'List the permissions of an API',
        params: ApiParams,
        querystring: ApiPermissionQuery,
        response: { 200: paged(WireApiPermission) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { api: params.id, listing: decodeApiPermissionQuery(query) }
      return encodePage(await run(listApiPermissions, input, actor), encodeApiPermission)
    },
  )

  app.put(
    '/apis/:id/permissions/:name',
    {
      config: { access: { tokenScopes: ['apis:update'] } },
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        summary: 'Add a permission to an API, or describe it anew',
        params: PermissionParams,
        body: ApiPermissionBody,
        response: { 200: WireApiPermission },
      },
    },
    async ({ params, body, actor }) => {
      const input = { api: params.id, name: params.name, ...body }
      return encodeApiPermission(await run(addApiPermission, input, actor))
    },
  )

  app.delete(
    '/apis/:id/permissions/:name',
    {
      config: { access: { tokenScopes: ['apis:update'] } },
      schema: {
        summary: 'Take a permission from an API, and so from every role, user and client grant',
        params: PermissionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(removeApiPermission, { api: params.id, name: params.name }, actor)
      return reply.code(204).send(null)
    },
  )
}

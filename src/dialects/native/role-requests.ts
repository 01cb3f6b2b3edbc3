import Type from 'typebox'
import { approveRoleRequest, rejectRoleRequest, withdrawRoleRequest } from '#core/registration/decide.ts'
import { getRoleRequest, listRoleRequests } from '#core/registration/read-requests.ts'
import { requestRoles } from '#core/registration/requests.ts'
import { decodeInstant } from './instants.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  Approval,
  Decision,
  decodeRoleRequestQuery,
  encodeRoleRequest,
  encodeShownRequest,
  NewRoleRequests,
  RoleRequestQuery,
  WireRequested,
  WireRoleRequest,
  WireShownRequest,
} from './role-requests.wire.ts'

const RequestParams = Type.Object({ id: Type.String({ description: 'The id of the request.' }) })

export const roleRequestRoutes: NativeRoutes = async (app, { run, now }) => {
  app.get(
    '/role-requests',
    {
      config: { access: { authenticated: 'people may list their own by userId; others need roles:assign' } },
      schema: {
        summary: 'List requests for roles',
        querystring: RoleRequestQuery,
        response: { 200: paged(WireShownRequest) },
      },
    },
    async ({ query, actor }) =>
      encodePage(
        await run(listRoleRequests, decodeRoleRequestQuery(query, now()), actor),
        encodeShownRequest,
      ),
  )

  app.post(
    '/role-requests',
    {
      config: { access: { authenticated: 'people may ask for themselves; others need roles:assign' } },
      schema: {
        summary: 'Ask for roles that the registration policy offers',
        description: 'Those that need no approval are given at once.',
        body: NewRoleRequests,
        response: { 201: WireRequested },
      },
    },
    async ({ body, actor }, reply) => {
      const { givenRoleIds, requests } = await run(requestRoles, { userId: actor.id, ...body }, actor)
      return reply
        .code(201)
        .send({ givenRoleIds: [...givenRoleIds], requests: requests.map(encodeRoleRequest) })
    },
  )

  app.get(
    '/role-requests/:id',
    {
      config: { access: { authenticated: 'people may read their own; others need roles:assign' } },
      schema: {
        summary: 'Read a request for a role',
        params: RequestParams,
        querystring: Type.Object({
          userId: Type.Optional(Type.String({ description: 'Whose it is, for people who read their own.' })),
        }),
        response: { 200: WireShownRequest },
      },
    },
    async ({ params, query, actor }) =>
      encodeShownRequest(await run(getRoleRequest, { requestId: params.id, ...query }, actor)),
  )

  app.post(
    '/role-requests/:id/approve',
    {
      config: { access: { tokenScopes: ['roles:assign'] } },
      schema: {
        summary: 'Give the role that somebody asks for',
        params: RequestParams,
        body: Approval,
        response: { 200: WireRoleRequest },
      },
    },
    async ({ params, body: { expiresAt, ...decision }, actor }) => {
      const until = expiresAt === undefined ? {} : { expiresAt: decodeInstant(expiresAt) }
      const input = { requestId: params.id, ...decision, ...until }
      return encodeRoleRequest(await run(approveRoleRequest, input, actor))
    },
  )

  app.post(
    '/role-requests/:id/reject',
    {
      config: { access: { tokenScopes: ['roles:assign'] } },
      schema: {
        summary: 'Refuse the role that somebody asks for',
        params: RequestParams,
        body: Decision,
        response: { 200: WireRoleRequest },
      },
    },
    async ({ params, body, actor }) =>
      encodeRoleRequest(await run(rejectRoleRequest, { requestId: params.id, ...body }, actor)),
  )

  app.post(
    '/role-requests/:id/withdraw',
    {
      config: { access: { authenticated: 'people may take back their own; others need roles:assign' } },
      schema: {
        summary: 'Take back what one has asked for',
        params: RequestParams,
        body: Type.Object(
          { userId: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })) },
          { additionalProperties: false },
        ),
        response: { 200: WireRoleRequest },
      },
    },
    async ({ params, body, actor }) => {
      const input = { requestId: params.id, userId: body.userId ?? actor.id }
      return encodeRoleRequest(await run(withdrawRoleRequest, input, actor))
    },
  )
}

import Type from 'typebox'
import { createHook } from '#core/hooks/create.ts'
import { deleteHook } from '#core/hooks/delete.ts'
import { deployHook, deployHookVersion } from '#core/hooks/deploy.ts'
import { listRun } from '#core/hooks/executions.ts'
import { getHook, getHookVersion, listHooks, listHookVersions } from '#core/hooks/read.ts'
import { updateHook } from '#core/hooks/update.ts'
import type { JsonObject } from '#core/json.ts'
import { equal, every } from '#core/listing.ts'
import type { Refusal } from '#core/refusals.ts'
import { decodeTrigger } from './actions.triggers.ts'
import {
  ActionChanges,
  decodeActionChanges,
  decodeNewAction,
  encodeAction,
  encodeRun,
  encodeTest,
  encodeVersion,
  NewAction,
  TestResult,
  WireAction,
  WireExecution,
  WireVersion,
} from './actions.wire.ts'
import { reworded, WireError } from './errors.ts'
import { decodeUuid } from './ids.ts'
import { decodeCountedPaging, PageQuery } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const ActionParams = Type.Object({ id: Type.String({ description: 'The ID of an action.' }) })
const VersionParams = Type.Object({
  actionId: Type.String({ description: 'The ID of an action.' }),
  id: Type.String({ description: 'The ID of an action version.' }),
})

/** The vendor's list is an object whatever is asked for, and pages by 20. */
export const actionPaging = (query: { page?: number; per_page?: number }, defaultSize = 20) => {
  const { page = 0, per_page = defaultSize } = query
  return { page, per_page, listing: decodeCountedPaging({ page, per_page, include_totals: true }).listing }
}

export const pagedActions = <Key extends string, Item extends Type.TSchema>(key: Key, item: Item) =>
  Type.Object({
    [key]: Type.Array(item),
    total: Type.Integer(),
    page: Type.Integer(),
    per_page: Type.Integer(),
  })

const NoModules = Type.Object({
  modules: Type.Array(Type.Object({})),
  total: Type.Integer(),
  page: Type.Integer(),
  per_page: Type.Integer(),
})

/** @see specs: §1.11 of the Auth0 dialect */
export const actionRoutes: Auth0Routes = async (app, { run, trials }) => {
  app.get(
    '/actions/actions',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get actions',
        querystring: Type.Object({
          ...PageQuery,
          triggerId: Type.Optional(Type.String()),
          actionName: Type.Optional(Type.String()),
          deployed: Type.Optional(Type.Boolean()),
          installed: Type.Optional(Type.Boolean()),
        }),
        response: { 200: pagedActions('actions', WireAction) },
      },
    },
    async ({ query, actor }) => {
      const { page, per_page, listing } = actionPaging(query)
      const filter = every(
        query.actionName === undefined ? undefined : equal('name', query.actionName),
        query.deployed === undefined ? undefined : { field: 'deployedVersionId', exists: query.deployed },
        // Ours are all written here, none comes from a marketplace.
        query.installed === true ? { any: [] } : undefined,
      )
      const input = {
        listing: { ...listing, ...(filter && { filter }) },
        flavour: 'action' as const,
        ...(query.triggerId !== undefined && { trigger: decodeTrigger(query.triggerId) }),
      }
      const { items, total = 0 } = await run(listHooks, input, actor)
      return { actions: items.map(encodeAction), total, page, per_page }
    },
  )

  app.post(
    '/actions/actions',
    {
      config: { access: { tokenScopes: ['create:actions'] } },
      schema: { summary: 'Create an action', body: NewAction, response: { 201: WireAction } },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeAction(await run(createHook, decodeNewAction(body), actor))),
  )

  app.get(
    '/actions/actions/:id',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: { summary: 'Get an action', params: ActionParams, response: { 200: WireAction } },
    },
    async ({ params, actor }) =>
      encodeAction(await run(getHook, { hookId: decodeUuid(params.id), flavour: 'action' }, actor)),
  )

  app.patch(
    '/actions/actions/:id',
    {
      config: { access: { tokenScopes: ['update:actions'] } },
      schema: {
        summary: 'Update an action',
        params: ActionParams,
        body: ActionChanges,
        response: { 200: WireAction },
      },
    },
    async ({ params, body, actor }) =>
      encodeAction(await run(updateHook, decodeActionChanges(decodeUuid(params.id), body), actor)),
  )

  app.delete(
    '/actions/actions/:id',
    {
      config: { access: { tokenScopes: ['delete:actions'] } },
      schema: {
        summary: 'Delete an action',
        params: ActionParams,
        querystring: Type.Object({
          force: Type.Optional(
            Type.Boolean({ description: 'Delete the action even if it is bound to triggers.' }),
          ),
        }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params, query, actor }, reply) => {
      const input = { hookId: decodeUuid(params.id), unbinds: query.force === true }
      await reworded(run(deleteHook, input, actor), wordBound)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/actions/actions/:id/deploy',
    {
      config: { access: { tokenScopes: ['create:actions'] } },
      schema: {
        summary: 'Deploy an action',
        params: ActionParams,
        response: { 200: WireVersion },
      },
    },
    async ({ params, actor }) => {
      const hookId = decodeUuid(params.id)
      const version = await run(deployHook, { hookId }, actor)
      const action = { ...version, id: hookId, hasChanges: false, name: version.hookName }
      // The vendor's answer says so, though it runs from now on.
      return encodeVersion(version, action, { deployed: false })
    },
  )

  app.get(
    '/actions/actions/:actionId/versions',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: "Get an action's versions",
        params: Type.Object({ actionId: Type.String({ description: 'The ID of the action.' }) }),
        querystring: Type.Object(PageQuery),
        response: { 200: pagedActions('versions', WireVersion) },
      },
    },
    async ({ params, query, actor }) => {
      const { page, per_page, listing } = actionPaging(query)
      const input = { hookId: decodeUuid(params.actionId), listing }
      const { items, hook, total = 0 } = await run(listHookVersions, input, actor)
      return { versions: items.map((each) => encodeVersion(each, hook)), total, page, per_page }
    },
  )

  app.get(
    '/actions/actions/:actionId/versions/:id',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get a specific version of an action',
        params: VersionParams,
        response: { 200: WireVersion },
      },
    },
    async ({ params, actor }) => {
      const input = { hookId: decodeUuid(params.actionId), versionId: decodeUuid(params.id) }
      const { hook, version } = await run(getHookVersion, input, actor)
      return encodeVersion(version, hook)
    },
  )

  app.post(
    '/actions/actions/:actionId/versions/:id/deploy',
    {
      config: { access: { tokenScopes: ['create:actions'] } },
      schema: {
        summary: 'Roll back to a previous action version',
        params: VersionParams,
        body: Type.Optional(
          Type.Union([
            Type.Object({ update_draft: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
            Type.Null(),
          ]),
        ),
        response: { 202: WireVersion },
      },
    },
    async ({ params, body, actor }, reply) => {
      const hookId = decodeUuid(params.actionId)
      const input = {
        hookId,
        versionId: decodeUuid(params.id),
        updatesDraft: body?.update_draft === true,
      }
      const version = await run(deployHookVersion, input, actor)
      const action = { ...version, id: hookId, hasChanges: !input.updatesDraft, name: version.hookName }
      return reply.code(202).send(encodeVersion(version, action, { deployed: false }))
    },
  )

  app.post(
    '/actions/actions/:id/test',
    {
      config: { access: { tokenScopes: ['create:actions'] } },
      schema: {
        summary: 'Test an action',
        description:
          'Runs the draft once, with the event in `payload`. What it asks for is shown, and not done.',
        params: ActionParams,
        body: Type.Object(
          { payload: Type.Object({}, { additionalProperties: true }) },
          { additionalProperties: false },
        ),
        response: { 200: TestResult },
      },
    },
    async ({ params, body, actor }) => {
      const { event = {} } = body.payload as { event?: JsonObject }
      return encodeTest(await trials.tryDraft({ hookId: decodeUuid(params.id), event }, actor))
    },
  )

  app.get(
    '/actions/executions/:id',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get an execution',
        params: Type.Object({ id: Type.String({ description: 'The ID of the execution to retrieve.' }) }),
        response: { 200: WireExecution },
      },
    },
    async ({ params, actor }) => encodeRun(await run(listRun, { runId: decodeUuid(params.id) }, actor)),
  )

  app.get(
    '/actions/modules',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get action modules',
        querystring: Type.Object(PageQuery),
        response: { 200: NoModules },
      },
    },
    async ({ query }) => {
      const { page, per_page } = actionPaging(query)
      return { modules: [], total: 0, page, per_page }
    },
  )
}

const wordBound = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'in_use'
    ? new WireError(409, 'The action is bound to a trigger; unbind it first, or delete it with force.')
    : undefined

import Type from 'typebox'
import { listBindings, listBindingsOfHook, replaceBindings } from '#core/hooks/bindings.ts'
import { createHook } from '#core/hooks/create.ts'
import { deleteHook } from '#core/hooks/delete.ts'
import { deployHook, deployHookVersion } from '#core/hooks/deploy.ts'
import { getHook, getHookVersion, listHooks, listHookVersions } from '#core/hooks/read.ts'
import { updateHook } from '#core/hooks/update.ts'
import { unlimited } from '#core/listing.ts'
import { triggers } from '#core/triggers.ts'
import { WireError } from './errors.ts'
import { encodeDiff, WireDiff } from './hook-diff.wire.ts'
import {
  BindingList,
  decodeHookChanges,
  decodeHookQuery,
  decodeNewHook,
  encodeBinding,
  encodeHook,
  encodeVersion,
  HookChanges,
  HookQuery,
  NewHook,
  WireBinding,
  WireHook,
  WireVersion,
} from './hooks.wire.ts'
import { decodePaging, encodePage, encodeWhole, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const HookParams = Type.Object({ id: Type.String({ description: 'The id of the hook.' }) })
const VersionParams = Type.Object({
  id: Type.String({ description: 'The id of the hook.' }),
  versionId: Type.String({ description: 'The id of a version of it.' }),
})
const TriggerParams = Type.Object({ trigger: Type.String({ description: 'The name of the trigger.' }) })

export const hookRoutes: NativeRoutes = async (app, { run, scriptTypes }) => {
  app.get(
    '/hooks',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: { summary: 'List hooks', querystring: HookQuery, response: { 200: paged(WireHook) } },
    },
    async ({ query, actor }) => encodePage(await run(listHooks, decodeHookQuery(query), actor), encodeHook),
  )

  app.post(
    '/hooks',
    {
      config: { access: { tokenScopes: ['hooks:create'] } },
      schema: {
        summary: 'Create a hook as a draft, which is built in the background',
        body: NewHook,
        response: { 201: WireHook },
      },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeHook(await run(createHook, decodeNewHook(body), actor))),
  )

  app.get(
    '/hooks/types',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'Read what scripts find, as declarations of TypeScript for editors',
        response: {
          200: Type.Object({ action: Type.String(), 'event-script': Type.String() }),
        },
      },
    },
    async () => scriptTypes,
  )

  app.get(
    '/hooks/:id',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: { summary: 'Read a hook', params: HookParams, response: { 200: WireHook } },
    },
    async ({ params, actor }) => encodeHook(await run(getHook, { hookId: params.id }, actor)),
  )

  app.patch(
    '/hooks/:id',
    {
      config: { access: { tokenScopes: ['hooks:update'] } },
      schema: {
        summary: 'Change the draft of a hook, and its settings, which count at once',
        params: HookParams,
        body: HookChanges,
        response: { 200: WireHook },
      },
    },
    async ({ params, body, actor }) => {
      await run(updateHook, decodeHookChanges(params.id, body), actor)
      return encodeHook(await run(getHook, { hookId: params.id }, actor))
    },
  )

  app.delete(
    '/hooks/:id',
    {
      config: { access: { tokenScopes: ['hooks:delete'] } },
      schema: {
        summary: 'Delete a hook; one that is bound only when asked to take it from its triggers',
        params: HookParams,
        querystring: Type.Object({ unbind: Type.Optional(Type.Boolean()) }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params, query, actor }, reply) => {
      await run(deleteHook, { hookId: params.id, unbinds: query.unbind === true }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/hooks/:id/deploy',
    {
      config: { access: { tokenScopes: ['hooks:deploy'] } },
      schema: {
        summary: 'Freeze the draft as a new version, which runs from then on',
        params: HookParams,
        response: { 201: WireVersion },
      },
    },
    async ({ params, actor }, reply) =>
      reply.code(201).send(encodeVersion(await run(deployHook, { hookId: params.id }, actor))),
  )

  app.get(
    '/hooks/:id/versions',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'List the versions of a hook, the newest first',
        params: HookParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireVersion) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { hookId: params.id, listing: decodePaging(query) }
      return encodePage(await run(listHookVersions, input, actor), encodeVersion)
    },
  )

  app.get(
    '/hooks/:id/versions/:versionId',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: { summary: 'Read a version', params: VersionParams, response: { 200: WireVersion } },
    },
    async ({ params, actor }) => {
      const input = { hookId: params.id, versionId: params.versionId }
      return encodeVersion((await run(getHookVersion, input, actor)).version)
    },
  )

  app.get(
    '/hooks/:id/versions/:versionId/diff',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'Compare a version with another, or with the draft',
        params: VersionParams,
        querystring: Type.Object({
          with: Type.Optional(
            Type.String({ description: 'The id of the later version; absent: the draft.' }),
          ),
        }),
        response: { 200: WireDiff },
      },
    },
    async ({ params, query, actor }) => {
      const hookId = params.id
      const { hook, version } = await run(getHookVersion, { hookId, versionId: params.versionId }, actor)
      const later =
        query.with === undefined
          ? hook
          : (await run(getHookVersion, { hookId, versionId: query.with }, actor)).version
      return encodeDiff(version, later)
    },
  )

  app.post(
    '/hooks/:id/versions/:versionId/deploy',
    {
      config: { access: { tokenScopes: ['hooks:deploy'] } },
      schema: {
        summary: 'Go back to a version: deploy a copy of it',
        params: VersionParams,
        querystring: Type.Object({ updateDraft: Type.Optional(Type.Boolean()) }),
        response: { 201: WireVersion },
      },
    },
    async ({ params, query, actor }, reply) => {
      const input = {
        hookId: params.id,
        versionId: params.versionId,
        updatesDraft: query.updateDraft === true,
      }
      return reply.code(201).send(encodeVersion(await run(deployHookVersion, input, actor)))
    },
  )

  app.get(
    '/hooks/:id/bindings',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'List where a hook is bound',
        params: HookParams,
        response: { 200: paged(WireBinding) },
      },
    },
    async ({ params, actor }) =>
      encodeWhole(await run(listBindingsOfHook, { hookId: params.id }, actor), encodeBinding),
  )

  app.get(
    '/triggers',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'List the triggers that actions can be bound to, beside every type of event',
        response: {
          200: paged(
            Type.Object({
              name: Type.String(),
              description: Type.String(),
              mayDeny: Type.Boolean(),
              mayAmend: Type.Boolean(),
              isQueued: Type.Boolean({ description: 'It runs afterwards, and only observes.' }),
            }),
          ),
        },
      },
    },
    async () => encodeWhole(Object.entries(triggers), ([name, trigger]) => ({ name, ...trigger })),
  )

  app.get(
    '/triggers/:trigger/bindings',
    {
      config: { access: { tokenScopes: ['hooks:read'] } },
      schema: {
        summary: 'List the hooks of a trigger in the order they run in',
        params: TriggerParams,
        response: { 200: paged(WireBinding) },
      },
    },
    async ({ params, actor }, reply) => {
      const input = { trigger: params.trigger, listing: { limit: unlimited } }
      const { items } = await run(listBindings, input, actor)
      reply.header('etag', etagOf(items))
      return encodeWhole(items, encodeBinding)
    },
  )

  app.put(
    '/triggers/:trigger/bindings',
    {
      config: { access: { tokenScopes: ['hooks:update'] } },
      schema: {
        summary: 'Make these the hooks of a trigger, in this order',
        description: '`If-Match` names the ETag of the list that was read.',
        params: TriggerParams,
        headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 4000 })) }),
        body: BindingList,
        response: { 200: paged(WireBinding) },
      },
    },
    async ({ params, headers, body, actor }, reply) => {
      const ifBindingIds = decodeEtag(headers['if-match'])
      const bindings = body.bindings.map(({ hookId, displayName }) => ({
        ref: { hookId },
        ...(displayName !== undefined && { displayName }),
      }))
      const bound = await run(replaceBindings, { trigger: params.trigger, bindings, ifBindingIds }, actor)
      reply.header('etag', etagOf(bound))
      return encodeWhole(bound, encodeBinding)
    },
  )
}

/** Bindings are made anew with every change of the list, so that their ids are its version. */
const etagOf = (bindings: readonly { id: string }[]): string => `"${bindings.map(({ id }) => id).join('.')}"`

const decodeEtag = (header: string | undefined): string[] => {
  if (header === undefined) {
    throw new WireError(
      'precondition_required',
      'Replacing the list needs the header If-Match with the ETag of the list that was read.',
    )
  }
  const [, ids = ''] = /^(?:W\/)?"([^"]*)"$/u.exec(header.trim()) ?? [undefined, header]
  return ids === '' ? [] : ids.split('.')
}

import Type from 'typebox'
import { listBindings, replaceBindings } from '#core/hooks/bindings.ts'
import { DomainError } from '#core/refusals.ts'
import { isEventTrigger, isTrigger } from '#core/triggers.ts'
import { decodeTrigger, isAuth0Trigger, listedTriggers } from './actions.triggers.ts'
import { actionPaging, pagedActions } from './actions.ts'
import { BindingList, decodeBindings, encodeBinding, WireBinding, WireTrigger } from './actions.wire.ts'
import { WireError } from './errors.ts'
import { PageQuery } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const TriggerParams = Type.Object({
  triggerId: Type.String({ description: 'An actions extensibility point.' }),
})

/** @see specs: §1.11 and §4.1 of the Auth0 dialect */
export const actionBindingRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/actions/triggers',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get triggers',
        response: { 200: Type.Object({ triggers: Type.Array(WireTrigger) }) },
      },
    },
    async () => ({ triggers: listedTriggers }),
  )

  app.get(
    '/actions/triggers/:triggerId/bindings',
    {
      config: { access: { tokenScopes: ['read:actions'] } },
      schema: {
        summary: 'Get trigger bindings',
        params: TriggerParams,
        querystring: Type.Object(PageQuery),
        response: { 200: pagedActions('bindings', WireBinding) },
      },
    },
    async ({ params, query, actor }) => {
      const { page, per_page, listing } = actionPaging(query, 50)
      const trigger = requireTrigger(params.triggerId)
      const { items, total = 0 } = await run(listBindings, { trigger, listing }, actor)
      return { bindings: items.map(encodeBinding), total, page, per_page }
    },
  )

  app.patch(
    '/actions/triggers/:triggerId/bindings',
    {
      config: { access: { tokenScopes: ['update:actions'] } },
      schema: {
        summary: 'Update trigger bindings',
        params: TriggerParams,
        body: BindingList,
        response: { 200: Type.Object({ bindings: Type.Array(WireBinding) }) },
      },
    },
    async ({ params, body, actor }) => {
      const trigger = requireTrigger(params.triggerId)
      if (body.bindings.length > 0 && !isTrigger(trigger) && !isEventTrigger(trigger)) {
        // Better than an Action that is bound and never runs.
        throw new DomainError({ code: 'unsupported', what: `the trigger ${params.triggerId}` })
      }
      const bindings = await run(replaceBindings, { trigger, bindings: decodeBindings(body) }, actor)
      return { bindings: bindings.map(encodeBinding) }
    },
  )
}

/** @throws 404 */
const requireTrigger = (id: string): string => {
  const trigger = decodeTrigger(id)
  if (!isAuth0Trigger(id) && !isTrigger(trigger) && !isEventTrigger(trigger))
    throw new WireError(404, 'That trigger does not exist.')
  return trigger
}

import Type from 'typebox'
import { getExecution, listExecutions } from '#core/hooks/executions.ts'
import {
  DryRunRequest,
  decodeExecutionQuery,
  ExecutionQuery,
  encodeExecution,
  WireDryRun,
  WireExecution,
} from './executions.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

/** What hooks did, and what a draft would have done. */
export const executionRoutes: NativeRoutes = async (app, { run, trials }) => {
  app.post(
    '/hooks/:id/dry-run',
    {
      // Trying runs whatever the draft says, so that seeing hooks is not enough.
      config: { access: { tokenScopes: ['hooks:update'] } },
      schema: {
        summary:
          'Run the draft on events that happened, without any effect, and read what it would have changed',
        params: Type.Object({ id: Type.String({ description: 'The id of the hook.' }) }),
        body: DryRunRequest,
        response: { 200: WireDryRun },
      },
    },
    async ({ params, body, actor }) => ({
      results: (await trials.dryRun({ hookId: params.id, ...body }, actor)) as never,
    }),
  )

  app.get(
    '/executions',
    {
      config: { access: { tokenScopes: ['executions:read'] } },
      schema: {
        summary: 'List what hooks did, the newest first',
        querystring: ExecutionQuery,
        response: { 200: paged(WireExecution) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listExecutions, { listing: decodeExecutionQuery(query) }, actor), encodeExecution),
  )

  app.get(
    '/executions/:id',
    {
      config: { access: { tokenScopes: ['executions:read'] } },
      schema: {
        summary: 'Read an execution: what a hook was told, did and printed',
        params: Type.Object({ id: Type.String({ description: 'The id of the execution.' }) }),
        response: { 200: WireExecution },
      },
    },
    async ({ params, actor }) => encodeExecution(await run(getExecution, { executionId: params.id }, actor)),
  )
}

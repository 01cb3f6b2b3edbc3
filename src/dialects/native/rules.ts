import Type from 'typebox'
import { createRule, deleteRule, getRule, listRules, updateRule } from '#core/rules/author.ts'
import { dryRunRule } from '#core/rules/dry-run.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  DryRunBody,
  decodeDryRun,
  decodeNewRule,
  decodeRuleChanges,
  decodeRuleQuery,
  encodeDryRun,
  encodeRule,
  NewRule,
  RuleChanges,
  RuleQuery,
  WireDryRun,
  WireRule,
} from './rules.wire.ts'

const RuleParams = Type.Object({ id: Type.String({ description: 'The id of the rule.' }) })

export const ruleRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/rules',
    {
      config: { access: { tokenScopes: ['rules:read'] } },
      schema: {
        summary: 'List rules that give roles, in their order',
        querystring: RuleQuery,
        response: { 200: paged(WireRule) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listRules, { listing: decodeRuleQuery(query) }, actor), encodeRule),
  )

  app.post(
    '/rules',
    {
      config: { access: { tokenScopes: ['rules:create'] } },
      schema: {
        summary: 'Make a rule',
        description: 'It does nothing before it is switched on. Its maker must be allowed to give its roles.',
        body: NewRule,
        response: { 201: WireRule },
      },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeRule(await run(createRule, decodeNewRule(body), actor))),
  )

  app.get(
    '/rules/:id',
    {
      config: { access: { tokenScopes: ['rules:read'] } },
      schema: { summary: 'Read a rule', params: RuleParams, response: { 200: WireRule } },
    },
    async ({ params, actor }) => encodeRule(await run(getRule, { ruleId: params.id }, actor)),
  )

  app.patch(
    '/rules/:id',
    {
      config: { access: { tokenScopes: ['rules:update'] } },
      schema: {
        summary: 'Change a rule, switch it on or off',
        params: RuleParams,
        body: RuleChanges,
        response: { 200: WireRule },
      },
    },
    async ({ params, body, actor }) =>
      encodeRule(await run(updateRule, { ruleId: params.id, changes: decodeRuleChanges(body) }, actor)),
  )

  app.delete(
    '/rules/:id',
    {
      config: { access: { tokenScopes: ['rules:delete'] } },
      schema: {
        summary: 'Delete a rule; what it gave stays',
        params: RuleParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteRule, { ruleId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/rules/:id/dry-run',
    {
      config: { access: { tokenScopes: ['rules:update'] } },
      schema: {
        summary: 'Show the difference that a rule would make to existing users, without touching anything',
        description: 'Looks at `limit` users; go on with `next` until it is null.',
        params: RuleParams,
        body: DryRunBody,
        response: { 200: WireDryRun },
      },
    },
    async ({ params, body, actor }) =>
      encodeDryRun(await run(dryRunRule, decodeDryRun(params.id, body), actor)),
  )
}

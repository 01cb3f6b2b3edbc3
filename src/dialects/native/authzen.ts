import Type from 'typebox'
import { decideMany, searchActions, searchResources, searchSubjects } from '#core/decisions.ts'
import { workspace } from '#core/scope.ts'
import {
  ActionSearch,
  cutAt,
  decisionsOf,
  decodeEvaluation,
  decodeEvaluations,
  decodeKind,
  decodePage,
  decodeWhere,
  Evaluation,
  Evaluations,
  encodeDecisions,
  encodePage,
  FoundAction,
  FoundEntity,
  found,
  ResourceSearch,
  SubjectSearch,
  WireDecision,
  WireDecisions,
} from './authzen.wire.ts'
import { decodeSubject } from './ids.ts'
import type { NativeRoutes } from './parts.ts'

const paths = {
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  subjects: '/access/v1/search/subject',
  resources: '/access/v1/search/resource',
  actions: '/access/v1/search/action',
  configuration: '/.well-known/authzen-configuration',
}

export const ownsAuthzenPath = (path: string): boolean =>
  path === paths.configuration || path === '/access/v1' || path.startsWith('/access/v1/')

const ownAccess = { authenticated: 'people may ask about themselves; others need decisions:read' }
const askerAccess = { tokenScopes: ['decisions:read'] }

const requestIdLimit = 200

/**
 * May somebody do something there? The standard way to ask.
 * @see OpenID AuthZEN Authorization API 1.0; the mapping stands in this folder's README
 */
export const authzenRoutes: NativeRoutes = async (app, { run }) => {
  // §10.1.5: callers tell their requests apart by it.
  app.addHook('onRequest', async (request, reply) => {
    const id = request.headers['x-request-id']
    if (typeof id === 'string' && id.length <= requestIdLimit) reply.header('x-request-id', id)
  })

  app.get(
    paths.configuration,
    {
      config: { access: { anonymous: 'where to ask is public' } },
      schema: {
        summary: 'Where decisions are asked for',
        response: { 200: Type.Record(Type.String(), Type.String()) },
      },
    },
    async ({ issuer }) => {
      const origin = issuer.slice(0, -1)
      return {
        policy_decision_point: origin,
        access_evaluation_endpoint: origin + paths.evaluation,
        access_evaluations_endpoint: origin + paths.evaluations,
        search_subject_endpoint: origin + paths.subjects,
        search_resource_endpoint: origin + paths.resources,
        search_action_endpoint: origin + paths.actions,
      }
    },
  )

  app.post(
    paths.evaluation,
    {
      config: { access: ownAccess },
      schema: {
        summary: 'May a user do something there?',
        body: Evaluation,
        response: { 200: WireDecision },
      },
    },
    async ({ body, actor }) => {
      const asked = [decodeEvaluation(body)]
      const allowed = await run(decideMany, { decisions: decisionsOf(asked) }, actor)
      return encodeDecisions(asked, allowed)[0]!
    },
  )

  app.post(
    paths.evaluations,
    {
      config: { access: ownAccess },
      schema: {
        summary: 'Several such questions at once',
        body: Evaluations,
        response: { 200: WireDecisions },
      },
    },
    async ({ body, actor }) => {
      const { asked, isSingle } = decodeEvaluations(body)
      const allowed = await run(decideMany, { decisions: decisionsOf(asked) }, actor)
      const decisions = encodeDecisions(asked, allowed)
      return isSingle ? decisions[0]! : { evaluations: cutAt(decisions, body.options?.evaluations_semantic) }
    },
  )

  app.post(
    paths.subjects,
    {
      config: { access: askerAccess },
      schema: { summary: 'Who may do it there?', body: SubjectSearch, response: { 200: found(FoundEntity) } },
    },
    async ({ body, actor }) => {
      const scope = decodeWhere(body)
      const permission = { api: body.resource.type, name: body.action.name }
      const input = { permission, scope: scope ?? workspace, page: decodePage(body) }
      const { items, next } = await run(searchSubjects, input, actor)
      const isKnown = body.subject.type === 'user' && scope !== undefined
      const results = isKnown ? items.map(({ id }) => ({ type: 'user', id })) : []
      return { page: encodePage(body, isKnown ? next : undefined, results.length), results }
    },
  )

  app.post(
    paths.resources,
    {
      config: { access: askerAccess },
      schema: {
        summary: 'Where may a user do it?',
        description:
          'The scopes that let him do it by themselves; with `kind` in the properties of the resource, every application, organization or room in which he may.',
        body: ResourceSearch,
        response: { 200: found(FoundEntity) },
      },
    },
    async ({ body, actor }) => {
      const { subject, action, resource } = body
      const permission = { api: resource.type, name: action.name }
      const input = {
        userId: decodeSubject(subject.id),
        permission,
        kind: decodeKind(body),
        page: decodePage(body),
      }
      const { items, next } = await run(searchResources, input, actor)
      const isKnown = subject.type === 'user'
      const results = isKnown ? items.map((id) => ({ type: resource.type, id })) : []
      return { page: encodePage(body, isKnown ? next : undefined, results.length), results }
    },
  )

  app.post(
    paths.actions,
    {
      config: { access: ownAccess },
      schema: {
        summary: 'What may a user do there?',
        body: ActionSearch,
        response: { 200: found(FoundAction) },
      },
    },
    async ({ body, actor }) => {
      const scope = decodeWhere(body)
      const input = {
        userId: decodeSubject(body.subject.id),
        api: body.resource.type,
        scope: scope ?? workspace,
      }
      const actions = await run(searchActions, input, actor)
      const isKnown = body.subject.type === 'user' && scope !== undefined
      const results = isKnown ? actions.map(({ name }) => ({ name })) : []
      // All of them at once: an API has no more permissions than one answer can hold.
      return { page: encodePage(body, undefined, results.length), results }
    },
  )
}

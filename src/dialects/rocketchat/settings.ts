import Type from 'typebox'
import type { Actor } from '#core/actor.ts'
import type { Json } from '#core/json.ts'
import { holds } from './authenticate.ts'
import { plain, refuse, unauthorized } from './errors.ts'
import { decodePaging, SortQuery } from './paging.ts'
import { answer, ok, type RocketchatRoutes } from './parts.ts'
import { createSettingViews, type SettingChange } from './settings.views.ts'

const Value = Type.Unsafe<boolean | number | string>({})
const ListedSettings = answer({
  settings: Type.Array(Type.Object({ _id: Type.String(), value: Value })),
  count: Type.Integer(),
  offset: Type.Integer(),
  total: Type.Integer(),
})
const SettingParams = Type.Object({ id: Type.String() })
const Given = Type.Unsafe<Json>({})
const GivenSettings = Type.Array(Type.Object({ _id: Type.String(), value: Given }), {
  minItems: 1,
  maxItems: 1000,
})

/** An unknown setting has no error at all on the vendor's server. */
const noSetting = { status: 400, body: { success: false } }

const changing = {
  access: { authenticated: 'edit-privileged-setting is asked for in words of its own' },
  permission: { anyOf: ['edit-privileged-setting'] as const, refusal: unauthorized },
  secondFactor: true,
}

/** @see specs: §5.9 of the Rocket.Chat dialect */
export const settingRoutes: RocketchatRoutes = async (app, { run, settings }) => {
  const views = createSettingViews(run, settings)

  const list = async (query: { count?: number; offset?: number; _id?: string }, onlyPublic: boolean) => {
    const wanted = query._id?.split(',').map((id) => id.trim())
    const all = (await views.list()).filter(
      ({ _id, isPublic }) => (isPublic || !onlyPublic) && (wanted === undefined || wanted.includes(_id)),
    )
    const { limit, offset } = decodePaging(query, await settings())
    const page = all.slice(offset, offset + limit).map(({ _id, value }) => ({ _id, value }))
    return ok({ settings: page, count: page.length, offset, total: all.length })
  }
  const Query = Type.Object({ ...SortQuery, _id: Type.Optional(Type.String()) })

  /** Each is known and of the same type as before, or nothing is changed. */
  const change = async (given: readonly { _id: string; value: Json }[], actor: Actor) => {
    const known = new Map((await views.list()).map(({ _id, value }) => [_id, value]))
    const wanted: SettingChange[] = []
    for (const { _id: id, value } of given) {
      if (!known.has(id)) return refuse(noSetting)
      if (typeof value !== typeof known.get(id))
        return refuse(plain('Invalid setting value', 'invalid-params'))
      wanted.push({ id, value: value as SettingChange['value'] })
    }
    await views.change(wanted, actor)
    return ok({})
  }

  app.get(
    '/settings.public',
    {
      config: { access: { anonymous: 'settings that everybody may read' } },
      schema: {
        summary: 'List settings that everybody may read',
        querystring: Query,
        response: { 200: ListedSettings },
      },
    },
    async ({ query }) => {
      return list(query, true)
    },
  )

  app.get(
    '/settings',
    {
      config: { access: { authenticated: 'shows hidden ones only to who holds view-privileged-setting' } },
      schema: { summary: 'List settings', querystring: Query, response: { 200: ListedSettings } },
    },
    async ({ query, actor }) => {
      return list(query, !(await holds(run, actor, ['view-privileged-setting'])))
    },
  )

  app.get(
    '/settings/:id',
    {
      config: { access: { authenticated: 'view-privileged-setting is asked for in words of its own' } },
      schema: {
        summary: 'Read a setting',
        params: SettingParams,
        response: { 200: answer({ _id: Type.String(), value: Value }) },
      },
    },
    async ({ params, actor }) => {
      if (!(await holds(run, actor, ['view-privileged-setting']))) return refuse(unauthorized)
      const setting = (await views.list()).find(({ _id }) => _id === params.id)
      return setting ? ok({ _id: setting._id, value: setting.value }) : refuse(noSetting)
    },
  )

  app.post(
    '/settings/:id',
    {
      config: changing,
      schema: {
        summary: 'Change a setting',
        params: SettingParams,
        body: Type.Object({ value: Given }),
        response: { 200: answer({}) },
      },
    },
    async ({ params, body, actor }) => change([{ _id: params.id, value: body.value }], actor),
  )

  app.post(
    '/settings',
    {
      config: changing,
      schema: {
        summary: 'Change many settings, all of them or none',
        body: Type.Object({ settings: GivenSettings }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => change(body.settings, actor),
  )
}

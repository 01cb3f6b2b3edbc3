import Type from 'typebox'
import { getSettings, updateSettings } from '#core/settings/settings.ts'
import { Metadata } from './metadata.ts'
import type { NativeRoutes } from './parts.ts'

const SettingsParams = Type.Object({
  name: Type.String({ description: '`workspace`, or the name that a dialect keeps its own under.' }),
})

export const settingsRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/settings/:name',
    {
      config: { access: { tokenScopes: ['settings:read'] } },
      schema: { summary: 'Read settings', params: SettingsParams, response: { 200: Metadata } },
    },
    async ({ params, actor }) => run(getSettings, { name: params.name }, actor),
  )

  app.patch(
    '/settings/:name',
    {
      config: { access: { tokenScopes: ['settings:update'] } },
      schema: {
        summary: 'Change settings',
        description: 'Given keys replace, `null` removes, other keys stay.',
        params: SettingsParams,
        body: Metadata,
        response: { 200: Metadata },
      },
    },
    async ({ params, body, actor }) => run(updateSettings, { name: params.name, changes: body }, actor),
  )
}

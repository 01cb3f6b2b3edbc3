import Type from 'typebox'
import { getSettings, updateSettings } from '#core/settings/settings.ts'
import { FieldsQuery, projection } from './fields.ts'
import type { Auth0Routes } from './parts.ts'
import {
  decodeTenantSettings,
  encodeTenantSettings,
  tenantSettingsName as name,
  TenantSettingsChanges,
  WireTenantSettings,
} from './tenant-settings.wire.ts'

/** @see specs: §1.14 of the Auth0 dialect */
export const tenantSettingRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/tenants/settings',
    {
      config: { access: { tokenScopes: ['read:tenant_settings'] } },
      schema: {
        summary: 'Get tenant settings',
        querystring: Type.Object(FieldsQuery),
        response: { 200: WireTenantSettings },
      },
    },
    async ({ query, actor }) =>
      projection(query)(encodeTenantSettings(await run(getSettings, { name }, actor))),
  )

  app.patch(
    '/tenants/settings',
    {
      config: { access: { tokenScopes: ['update:tenant_settings'] } },
      schema: {
        summary: 'Update tenant settings',
        body: TenantSettingsChanges,
        response: { 200: WireTenantSettings },
      },
    },
    async ({ body, actor }) =>
      encodeTenantSettings(await run(updateSettings, { name, changes: decodeTenantSettings(body) }, actor)),
  )
}

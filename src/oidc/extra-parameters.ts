import type { Context } from 'oidc-provider'
import { OAuthRefusal } from './errors.ts'
import type { InnerParts } from './parts.ts'
import { isOriginAllowed, originOf } from './redirects.ts'
import { requireOrganizationNamed } from './settle.ts'

/** Parameters of `/authorize` that the provider does not know by itself; `rolecall_scope` is our own. */
export const extraParameters = [
  'organization',
  'invitation',
  'connection',
  'screen_hint',
  'audience',
  'rolecall_scope',
  'ui_locales',
] as const

/** @throws invalid_request */
export const checkExtras = async ({ run }: InnerParts, ctx: Context): Promise<void> => {
  const { params, client } = ctx.oidc!
  if (params.organization !== undefined) {
    await requireOrganizationNamed(run, client!.rolecall, params.organization)
  }
  if (params.response_mode !== 'web_message') return
  const origin = originOf(params.redirect_uri ?? '')
  if (origin !== undefined && isOriginAllowed(origin, client!.rolecall)) return
  const refusal = new OAuthRefusal(
    403,
    'access_denied',
    'The origin of redirect_uri is no web origin of this client.',
  )
  refusal.allow_redirect = false
  throw refusal
}

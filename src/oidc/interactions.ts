import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Interaction, InteractionResult } from 'oidc-provider'
import { messagePage } from '#pages/plain.ts'
import { closePage, csrfOf } from './browser.ts'
import type { Providers } from './provider.ts'
import { type Show, sourceOf } from './show.ts'

/** A page in the middle of a request to `/authorize`, opened for this very browser. */
export type OpenInteraction = {
  interaction: Interaction
  state: string
  csrf: string
  /** The application that it leads back to, for the page's policy. */
  formTarget: string | undefined
  uiLocales: string | undefined
  applicationName: string | undefined
}

/** The page was open for too long, was opened elsewhere, or its form is forged. */
export class PageExpired extends Error {
  override readonly name = 'PageExpired'
}

/** @throws PageExpired */
export const requireInteraction = async (
  providers: Providers,
  request: FastifyRequest,
  { state, csrf }: { state?: string | undefined; csrf?: string | undefined },
): Promise<OpenInteraction> => {
  const expected = state === undefined ? undefined : csrfOf(request, state)
  if (state === undefined || expected === undefined) throw new PageExpired()
  if (request.method === 'POST' && csrf !== expected) throw new PageExpired()
  const provider = await providers.of(request.issuer)
  const interaction = await provider.Interaction.find(state)
  if (!interaction) throw new PageExpired()
  const { redirect_uri: target, ui_locales: uiLocales } = interaction.params
  const client = await providers.inner.findClient(interaction.params.client_id ?? '')
  return {
    interaction,
    state,
    csrf: expected,
    formTarget: sourceOf(target),
    uiLocales,
    applicationName: client?.client_name,
  }
}

const secondsLeft = ({ exp }: Interaction): number => Math.max(1, exp - Math.floor(Date.now() / 1000))

/** Lets the request go on with what the page settled. Who is somebody else now gets a new browser session. */
export const finishInteraction = async (
  providers: Providers,
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction, state }: OpenInteraction,
  result: InteractionResult,
): Promise<FastifyReply> => {
  const before = interaction.session
  if (result.login && before && before.accountId !== result.login.accountId) {
    const provider = await providers.of(request.issuer)
    await (await provider.Session.find(before.cookie))?.destroy()
    interaction.session = undefined
  }
  interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result }
  await interaction.save(secondsLeft(interaction))
  closePage(reply, state)
  // A path: what the browser came by is ours to say, not the request's.
  const { pathname, search } = new URL(interaction.returnTo)
  return reply
    .code(303)
    .headers({ location: `${pathname}${search}`, 'cache-control': 'no-store' })
    .send()
}

export const showExpired = (
  show: Show,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> =>
  show(
    request,
    reply,
    (setting) => messagePage(setting, { title: setting.texts.errorTitle, text: setting.texts.expired }),
    { status: 400 },
  )

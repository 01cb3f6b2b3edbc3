import assert from 'node:assert/strict'
import { mailSecretsContext } from '#core/mail/mail.ts'
import type { TestServer } from './server.ts'

/** What the newest mail of a kind to an address holds that only its reader may know. */
export const mailed = async (
  { server }: TestServer,
  to: string,
  template: string,
): Promise<{ link?: string; code?: string }> => {
  const { store, services } = server.workspace
  const { items } = await store.reader.mails.list({ limit: 1000 })
  const mail = items.findLast((each) => each.to === to && each.template === template)
  assert.ok(mail?.sealedSecrets, `no mail ${template} to ${to}`)
  return JSON.parse(services.sealer.open(mail.sealedSecrets, mailSecretsContext(mail.id)))
}

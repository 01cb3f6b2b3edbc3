import type { Services } from '../operation.ts'
import { type Application, apiKeyContext, secretContext } from './application.ts'

type Sealed = 'sealedSecret' | 'sealedApiKey' | 'apiKeyDigest'

/** An application as operations answer it: whether it has secrets, and they themselves only where that is the point. */
export type ShownApplication = Omit<Application, Sealed> & {
  hasSecret: boolean
  hasApiKey: boolean
  secret?: string
  apiKey?: string
}

export type Secrets = { secret?: string; apiKey?: string }

export const show = (application: Application, secrets: Secrets = {}): ShownApplication => {
  const { sealedSecret, sealedApiKey, apiKeyDigest: _digest, ...open } = application
  return { ...open, hasSecret: sealedSecret !== undefined, hasApiKey: sealedApiKey !== undefined, ...secrets }
}

export const openSecret = (
  { id, sealedSecret }: Application,
  { sealer }: Pick<Services, 'sealer'>,
): Secrets => (sealedSecret === undefined ? {} : { secret: sealer.open(sealedSecret, secretContext(id)) })

export const openApiKey = (
  { id, sealedApiKey }: Application,
  { sealer }: Pick<Services, 'sealer'>,
): Secrets => (sealedApiKey === undefined ? {} : { apiKey: sealer.open(sealedApiKey, apiKeyContext(id)) })

export const sealSecret = (id: string, secret: string, { sealer }: Pick<Services, 'sealer'>) => ({
  sealedSecret: sealer.seal(secret, secretContext(id)),
})

export const sealApiKey = (id: string, apiKey: string, services: Pick<Services, 'sealer' | 'digest'>) => ({
  sealedApiKey: services.sealer.seal(apiKey, apiKeyContext(id)),
  apiKeyDigest: services.digest(apiKey),
})

import { anonymous, systemActor } from '#core/actor.ts'

/** The server itself, where it looks something up for a protocol. */
export const me = systemActor('oidc')

/** Whoever is in front of a sign-in page. */
export const somebody = anonymous('oidc')

import type { JsonObject } from '../json.ts'
import { brandOf } from '../mail/write.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { pendingRefusal } from '../registration/pending.ts'
import { type PreparedSession, prepareSession } from '../sessions/open.ts'
import { completeSignIn } from '../sign-in/complete.ts'
import type { SignIn, SignInResult } from '../sign-in/sign-in.ts'
import {
  addChallenge,
  findChallenge,
  type ProvenPasskey,
  proveAssertion,
  spendChallenge,
} from './challenge.ts'
import { factorsOf } from './prove.ts'
import type { CreatedPasskey, ShownFactor } from './second-factor.ts'
import { shownFactor } from './second-factor.ts'
import { newRecoveryCodes, replaceRecoveryCodes, requireOwner } from './totp.ts'

const ownOr = {
  needs: 'users:update' as const,
  self: ({ userId }: { userId: string }) => userId,
}

/** What a browser hands to `navigator.credentials`. */
type BrowserOptions = JsonObject & { challenge: string }

/**
 * Begins with a passkey: what the browser needs to make one. `origin`: that of ours which its page came from.
 * @throws proof_needed, not_found, cannot_grant, limit_exceeded
 */
export const requestPasskey = command<{ userId: string; origin: string }, BrowserOptions, BrowserOptions>({
  name: 'request passkey',
  ...ownOr,
  prepare: async ({ userId, origin }, { secondFactors: { passkeys } }, reader) => {
    const user = await reader.users.find(userId)
    const own = (await factorsOf(reader, userId)).flatMap(({ credentialId }) => credentialId ?? [])
    const userName = user?.email ?? user?.username ?? userId
    const name = (await brandOf(reader)).friendlyName
    const displayName = user?.name ?? userName
    return passkeys.creation({ origin, name, userId, userName, displayName, credentialIds: own })
  },
  run: async (tx, { userId }, actor, options) => {
    await requireOwner(tx, userId, actor)
    await addChallenge(tx, { id: options.challenge, userId, purpose: 'add' })
    return options
  },
})

export type AddPasskey = { userId: string; origin: string; response: JsonObject; name?: string }

export type AddedPasskey = { factor: ShownFactor; recoveryCodes?: string[] }

type PreparedPasskey = {
  created: CreatedPasskey | undefined
  challenge: string
  codes: string[]
  digests: string[]
}

/**
 * Keeps the passkey that a browser has made. Whoever gets his first second factor by it gets recovery codes.
 * @throws proof_needed, not_found, cannot_grant, wrong_code for an answer that proves nothing, taken, limit_exceeded
 */
export const addPasskey = command<AddPasskey, AddedPasskey, PreparedPasskey>({
  name: 'add passkey',
  ...ownOr,
  prepare: async ({ userId, origin, response }, services, reader) => {
    const { passkeys } = services.secondFactors
    const challenge = await findChallenge(reader, passkeys.challengeOf(response), 'add')
    const isOwn = challenge?.userId === userId
    const expected = { challenge: challenge?.id ?? '', origin }
    const created = isOwn ? await passkeys.created(response, expected) : undefined
    return { created, challenge: expected.challenge, ...newRecoveryCodes(services, userId) }
  },
  run: async (tx, { userId, name = '' }, actor, { created, challenge, codes, digests }) => {
    const { factors } = await requireOwner(tx, userId, actor)
    const isOpen = created && (await findChallenge(tx, challenge, 'add'))
    if (!created || !isOpen) throw new DomainError({ code: 'wrong_code' })
    await tx.passkeyChallenges.remove(challenge)
    const { id: credentialId, publicKey, counter, data } = created
    if (await tx.secondFactors.findBy({ credentialId })) {
      throw new DomainError({ code: 'taken', kind: 'second_factor', field: 'id', value: credentialId })
    }
    const factor = await tx.secondFactors.insert({
      id: tx.newId(),
      userId,
      kind: 'passkey',
      name,
      credentialId,
      publicKey,
      counter,
      isConfirmed: true,
      data,
      createdAt: tx.now(),
    })
    const target = { kind: 'second_factor', id: factor.id } as const
    await tx.emit({ type: 'user.second-factor-added', userId, target, data: { kind: 'passkey' } })
    if (factors.length > 0) return { factor: shownFactor(factor) }
    await replaceRecoveryCodes(tx, userId, digests)
    return { factor: shownFactor(factor), recoveryCodes: codes }
  },
})

/**
 * What a browser needs to sign in with a passkey: with any that it has for us, or with one of a user whose password
 * was right already.
 */
export const requestPasskeySignIn = command<
  { origin: string; userId?: string },
  BrowserOptions,
  BrowserOptions
>({
  name: 'request sign-in with passkey',
  needs: { anyone: 'the passkey decides' },
  prepare: async ({ origin, userId }, { secondFactors: { passkeys } }, reader) => {
    const factors = userId === undefined ? [] : await factorsOf(reader, userId)
    const credentialIds = factors.flatMap(({ credentialId }) => credentialId ?? [])
    return passkeys.request({ origin, credentialIds })
  },
  run: async (tx, { userId }, _actor, options) => {
    const challenge = { id: options.challenge, purpose: 'sign-in' as const }
    await addChallenge(tx, { ...challenge, ...(userId !== undefined && { userId }) })
    return options
  },
})

export type SignInWithPasskey = Pick<SignIn, 'applicationId' | 'ip' | 'userAgent' | 'session'> & {
  response: JsonObject
  origin: string
}

/**
 * Signs in whoever holds a passkey of his. It is two factors in one: what he has, and that it knows him.
 *
 * `ok: false` for wrong_credentials, suspended, awaiting_approval, email_not_confirmed.
 */
export const signInWithPasskey = command<
  SignInWithPasskey,
  SignInResult,
  { proven: ProvenPasskey | undefined; session?: PreparedSession }
>({
  name: 'sign in with passkey',
  needs: { anyone: 'the passkey decides' },
  prepare: async ({ response, origin, session }, services, reader) => ({
    proven: await proveAssertion(reader, services, { kind: 'passkey', response, origin }),
    ...(session && { session: prepareSession(services) }),
  }),
  run: async (tx, input, actor, { proven, session }) => {
    const factor = proven && (await tx.secondFactors.find(proven.factorId))
    const user = factor && (await tx.users.find(factor.userId))
    if (!proven || !user || !(await spendChallenge(tx, factor, proven))) {
      await tx.emit({ type: 'user.sign-in-failed', data: { reason: 'wrong_passkey' } })
      return { ok: false, refusal: { code: 'wrong_credentials' } }
    }
    const { applicationId, ip, userAgent } = input
    const refusal =
      user.isBlocked === true
        ? ({ code: 'suspended', kind: 'user', id: user.id } as const)
        : pendingRefusal(user)
    if (refusal) return { ok: false, refusal }
    const opened = input.session && session && { open: input.session, prepared: session }
    const how = {
      method: 'passkey',
      door: actor.door,
      applicationId,
      ip,
      userAgent,
      session: opened,
    } as const
    return { ok: true, ...(await completeSignIn(tx, user, how)) }
  },
})

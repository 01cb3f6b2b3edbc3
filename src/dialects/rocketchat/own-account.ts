import Type from 'typebox'
import { anonymous } from '#core/actor.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { checkPassword } from '#core/sign-in/sign-in.ts'
import { updatePerson } from '#core/users/administer.ts'
import { deleteUser } from '#core/users/delete.ts'
import { requestPasswordReset } from '#core/users/reset-password.ts'
import { sendWelcome } from '#core/users/welcome.ts'
import { requireCustomFields } from './custom-fields.ts'
import { requireMailDomain } from './email-domains.ts'
import { plain, refuse, thrown } from './errors.ts'
import { requireChangeable } from './field-switches.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { anyLength, requirePassword } from './password-policy.ts'
import { namingRooms } from './user-standing.ts'
import { isUsername, requireNotReserved } from './username-rules.ts'
import { requireLengths, requirePlainName } from './users.decode.ts'
import { encodePerson, WireUser } from './users.wire.ts'

const text = Type.Optional(Type.String())

const OwnInfo = Type.Object(
  {
    data: Type.Object(
      {
        email: text,
        name: text,
        username: text,
        nickname: text,
        bio: text,
        statusType: text,
        statusText: text,
        currentPassword: text,
        newPassword: text,
      },
      { additionalProperties: false },
    ),
    customFields: Type.Optional(
      Type.Unsafe<Parameters<typeof requireCustomFields>[0]>({ type: 'object', additionalProperties: true }),
    ),
  },
  { additionalProperties: false },
)

const notAllowed = thrown('error-not-allowed', 'Not allowed', { method: 'saveUserProfile' })

const passwordRequired = thrown('totp-required', 'TOTP Required', {
  method: 'password',
  codeGenerated: false,
  availableMethods: [],
})
const passwordWrong = thrown('totp-invalid', 'TOTP Invalid', {
  method: 'password',
  codeGenerated: false,
  availableMethods: [],
})

const tooManyMails = plain(
  'Error, too many requests. Please slow down. [error-too-many-requests]',
  undefined,
  429,
)

const isDigest = (value: string): boolean => /^[0-9a-f]{64}$/iu.test(value)

/** What a person does about himself. @see specs: §5.8 of the Rocket.Chat dialect */
export const ownAccountRoutes: RocketchatRoutes = async (app, { run, settings }) => {
  app.post(
    '/users.updateOwnBasicInfo',
    {
      config: {
        access: { authenticated: 'people change themselves' },
        words: {
          refusals: {
            taken: ({ field, value }) =>
              field === 'username'
                ? thrown('error-could-not-save-identity', 'Could not save user identity')
                : thrown('error-field-unavailable', `${value} is already in use :(`, { field }),
          },
        },
      },
      schema: {
        summary: 'Change yourself',
        body: OwnInfo,
        response: { 200: answer({ user: WireUser }) },
      },
    },
    async ({ body, actor, ip, headers, signedIn }) => {
      const { data } = body
      const current = await settings()
      requireChangeable(data, current, notAllowed)
      requirePlainName(data.name)
      requireLengths(data)
      const username = given(data.username)?.trim()
      if (username !== undefined) {
        if (!isUsername(username, current)) refuse(plain('The username provided is not valid'))
        requireNotReserved(username, current)
      }
      const [email, password] = [given(data.email)?.trim(), given(data.newPassword)]
      if (email !== undefined || password !== undefined) {
        const header = headers['x-2fa-code']
        const code = given(data.currentPassword) ?? (typeof header === 'string' ? header : undefined)
        if (code === undefined) return refuse(passwordRequired)
        const digest = isDigest(code) ? { sha256: code.toLowerCase() } : code
        const isRight = await run(checkPassword, { userId: actor.id, password: digest, ip }, actor)
        if (!isRight) return refuse(passwordWrong)
        if (password !== undefined) requirePassword(password, current)
        if (email !== undefined) await requireMailDomain(run, email, current)
      }
      const kept = {
        ...(data.bio !== undefined && { bio: data.bio }),
        ...(data.statusText !== undefined && { statusText: data.statusText }),
        ...(body.customFields && { customFields: requireCustomFields(body.customFields, current) }),
        ...(password !== undefined && { requirePasswordChange: null }),
      }
      const changed = await run(
        updatePerson,
        {
          userId: actor.id,
          ...anyLength,
          connectionName: defaultConnectionName,
          ...(password !== undefined && { password, keepSessionId: signedIn!.session.id }),
          changes: {
            ...(email !== undefined && { email }),
            ...(username !== undefined && { username }),
            ...(given(data.name) !== undefined && { name: data.name!.trim() }),
            ...(data.nickname !== undefined && { nickname: data.nickname || undefined }),
            ...(Object.keys(kept).length > 0 && { extensions: { rocketchat: kept } }),
          },
        },
        actor,
      )
      return ok({ user: encodePerson({ ...changed, details: changed }, current) })
    },
  )

  app.post(
    '/users.deleteOwnAccount',
    {
      config: {
        access: { authenticated: 'people delete themselves, if the settings let them' },
        words: {
          refusals: {
            last_administrator: thrown(
              'error-action-not-allowed',
              'Leaving the app without admins is not allowed',
              { method: 'deleteUserOwnAccount', action: 'Remove_last_admin' },
            ),
          },
        },
      },
      schema: {
        summary: 'Delete yourself',
        body: Type.Object({ password: text, confirmRelinquish: Type.Optional(Type.Boolean()) }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor, ip }) => {
      const password = given(body.password)
      if (password === undefined) return refuse(plain('Body parameter "password" is required.'))
      if (!(await settings()).Accounts_AllowDeleteOwnAccount) {
        return refuse(thrown('error-not-allowed', 'Not allowed', { method: 'deleteUserOwnAccount' }))
      }
      const offered = isDigest(password) ? { sha256: password.toLowerCase() } : password
      if (!(await run(checkPassword, { userId: actor.id, password: offered, ip }, actor))) {
        return refuse(
          thrown('error-invalid-password', 'Invalid password', { method: 'deleteUserOwnAccount' }),
        )
      }
      const handsOverRooms = body.confirmRelinquish === true
      await namingRooms(run, actor.id, actor, () =>
        run(deleteUser, { userId: actor.id, handsOverRooms }, actor),
      )
      return ok({})
    },
  )

  app.post(
    '/users.forgotPassword',
    {
      config: {
        access: { anonymous: 'the mail goes to the user himself, and the answer is the same for everybody' },
        words: { refusals: { too_many_attempts: tooManyMails } },
      },
      schema: {
        summary: 'Ask for a mail to set a new password with',
        body: Type.Object({ email: text }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, ip }) => {
      if (!(await settings()).Accounts_PasswordReset) return refuse(plain('Password reset is not enabled'))
      const email = given(body.email)?.trim()
      if (email === undefined) return refuse(plain("The 'email' param is required"))
      await run(requestPasswordReset, { user: { email }, ip }, anonymous('rocketchat'))
      return ok({})
    },
  )

  app.post(
    '/users.sendWelcomeEmail',
    {
      config: {
        access: { tokenScopes: ['send-mail'] },
        words: { missing: { user: thrown('error-invalid-user', 'Invalid user') } },
      },
      schema: {
        summary: 'Greet a user by mail',
        body: Type.Object({ email: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      await run(sendWelcome, { email: body.email }, actor)
      return ok({})
    },
  )
}

import Type from 'typebox'
import { anonymous } from '#core/actor.ts'
import { register } from '#core/registration/register.ts'
import { requireCustomFields } from './custom-fields.ts'
import { requireNotBlocked } from './email-domains.ts'
import { plain, refuse, thrown } from './errors.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { anyLength, requirePassword } from './password-policy.ts'
import { isUsername, requireNotReserved } from './username-rules.ts'
import { requirePlainName } from './users.decode.ts'
import { encodePerson, WireUser } from './users.wire.ts'

/** @see specs: §5.3 of the Rocket.Chat dialect */
const Registration = Type.Object(
  {
    username: Type.String({ minLength: 3 }),
    email: Type.String(),
    pass: Type.String({ minLength: 1 }),
    name: Type.Optional(Type.String()),
    secret: Type.Optional(Type.String({ description: 'Of the form, or of an invitation.' })),
    secretURL: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    customFields: Type.Optional(
      Type.Unsafe<Parameters<typeof requireCustomFields>[0]>({ type: 'object', additionalProperties: true }),
    ),
  },
  { additionalProperties: false },
)

/** Both without a secret and with one that is none. */
const needsSecret = thrown(
  'error-user-registration-secret',
  'User registration is only allowed via Secret URL',
)

export const registrationRoutes: RocketchatRoutes = async (app, { run, settings, openChat }) => {
  app.post(
    '/users.register',
    {
      config: {
        access: { anonymous: 'the registration policy decides' },
        callsLimit: (current) => ({
          calls: current.Rate_Limiter_Limit_RegisterUser,
          milliseconds: current.API_Enable_Rate_Limiter_Limit_Time_Default,
        }),
        words: {
          refusals: {
            taken: ({ field }) =>
              plain(field === 'username' ? 'Username is already in use' : 'Email already exists'),
            invalid: ({ field }) => (field === 'email' ? plain('Invalid email') : undefined),
            registration_closed: ({ mode }) => (mode === 'invitation' ? needsSecret : undefined),
            wrong_code: needsSecret,
          },
        },
      },
      schema: {
        summary: 'Register yourself',
        body: Registration,
        response: { 200: answer({ user: WireUser }) },
      },
    },
    async ({ body, ip, headers, signedIn }) => {
      if (signedIn) return refuse(plain('Logged in users can not register again.'))
      requirePlainName(body.name)
      const current = await settings()
      const username = body.username.trim()
      if (!isUsername(username, current)) return refuse(plain('The username provided is not valid'))
      requireNotReserved(username, current)
      requireNotBlocked(body.email.trim(), current)
      requirePassword(body.pass, current)
      const customFields = body.customFields && requireCustomFields(body.customFields, current)
      const [name, reason] = [given(body.name)?.trim(), given(body.reason)]
      const invitation = given(body.secret) ?? given(body.secretURL)
      const userAgent = headers['user-agent']
      const kept = { ...(reason !== undefined && { reason }), ...(customFields && { customFields }) }
      await openChat()
      const { user } = await run(
        register,
        {
          username,
          email: body.email.trim(),
          password: body.pass,
          ...anyLength,
          ...(name !== undefined && { name }),
          ...(invitation !== undefined && { invitation, passesOverSecret: true }),
          ...(Object.keys(kept).length > 0 && { extensions: { rocketchat: kept } }),
          ip,
          ...(userAgent !== undefined && { userAgent }),
        },
        anonymous('rocketchat'),
      )
      return ok({ user: encodePerson(user, current) })
    },
  )
}

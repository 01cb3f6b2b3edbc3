import Type, { type Static } from 'typebox'
import type { CreateApplication } from '#core/applications/create.ts'
import type { ListApplications } from '#core/applications/read.ts'
import type { ShownApplication } from '#core/applications/show.ts'
import type { UpdateApplication } from '#core/applications/update.ts'
import { contains, equal, every } from '#core/listing.ts'
import { encodeInstant, Instant } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Word = Type.String({ minLength: 1, maxLength: 300 })
const Urls = Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), { maxItems: 1000 })
const Secret = Type.String({ minLength: 1, maxLength: 1000 })

const settings = {
  name: Word,
  description: Type.String({ maxLength: 1000 }),
  kind: Type.String({
    minLength: 1,
    maxLength: 50,
    description: '`native`, `spa`, `regular_web` or `non_interactive`.',
  }),
  isFirstParty: Type.Boolean(),
  isActive: Type.Boolean(),
  grantTypes: Type.Array(Word, { maxItems: 50 }),
  tokenEndpointAuthMethod: Word,
  callbacks: Urls,
  allowedLogoutUrls: Urls,
  webOrigins: Urls,
  metadata: Metadata,
}

const DefaultRole = Type.String({
  minLength: 1,
  maxLength: 300,
  description: 'The role that everybody has in this application who has no other there.',
})

export const NewApplication = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    name: settings.name,
    defaultRoleId: Type.Optional(DefaultRole),
    secret: Type.Optional(Secret),
    apiKey: Type.Optional(
      Type.Union([Secret, Type.Literal(true)], {
        description: '`true` makes a key for the DreamFactory dialect.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const ApplicationChanges = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    defaultRoleId: Type.Optional(Type.Union([DefaultRole, Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const WireApplication = Type.Object({
  id: Type.String({ description: 'Its OAuth `client_id` too.' }),
  number: Type.Integer({ description: 'The integer id of dialects that need one.' }),
  ...settings,
  isGlobal: Type.Boolean({ description: 'Stands for all applications in the Auth0 dialect.' }),
  defaultRoleId: Type.Optional(Type.String()),
  hasSecret: Type.Boolean(),
  hasApiKey: Type.Boolean(),
  createdAt: Instant,
  updatedAt: Instant,
})

/** An application just after a secret was made, which is shown this once. */
export const WireApplicationWithSecrets = Type.Object({
  ...WireApplication.properties,
  secret: Type.Optional(Type.String()),
  apiKey: Type.Optional(Type.String()),
})

export const WireSecrets = Type.Object({
  secret: Type.Optional(Type.String()),
  apiKey: Type.Optional(Type.String()),
})

export const NewApiKey = Type.Object({ apiKey: Type.Optional(Secret) }, { additionalProperties: false })

export const ApplicationQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name.' })),
  kind: Type.Optional(Type.String({ maxLength: 50 })),
  active: Type.Optional(Type.Boolean()),
  ...orderBy('createdAt', 'name', 'updatedAt'),
})

export const decodeApplicationQuery = (query: Static<typeof ApplicationQuery>): ListApplications => {
  const { search, kind, active } = query
  const filter = every(
    search === undefined || search === '' ? undefined : { ...contains('name', search), ignoreCase: true },
    kind === undefined ? undefined : equal('kind', kind),
    active === undefined ? undefined : equal('isActive', active),
  )
  return { listing: { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) } }
}

export const decodeNewApplication = (body: Static<typeof NewApplication>): CreateApplication => body

export const decodeApplicationChanges = (
  applicationId: string,
  { defaultRoleId, ...changes }: Static<typeof ApplicationChanges>,
): UpdateApplication => ({
  applicationId,
  changes: {
    ...changes,
    ...(defaultRoleId !== undefined && { defaultRoleId: defaultRoleId ?? undefined }),
  },
})

const encodeWith = ({ secret: _secret, apiKey: _apiKey, ...application }: ShownApplication) => ({
  ...application,
  grantTypes: [...application.grantTypes],
  callbacks: [...application.callbacks],
  allowedLogoutUrls: [...application.allowedLogoutUrls],
  webOrigins: [...application.webOrigins],
  createdAt: encodeInstant(application.createdAt),
  updatedAt: encodeInstant(application.updatedAt),
})

export const encodeApplication = (application: ShownApplication): Static<typeof WireApplication> =>
  encodeWith(application)

export const encodeApplicationWithSecrets = (
  application: ShownApplication,
): Static<typeof WireApplicationWithSecrets> => ({
  ...encodeWith(application),
  secret: application.secret,
  apiKey: application.apiKey,
})

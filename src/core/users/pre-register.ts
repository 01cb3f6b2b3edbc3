import type { JsonObject } from '../json.ts'
import type { CommandTrigger } from '../triggers.ts'
import type { CreateUser } from './create.ts'
import { mergeMetadata } from './user.ts'

/** What is known of somebody before he is created. */
type Newcomer = Omit<CreateUser, 'id' | 'password' | 'fitsConnection'> & { applicationId?: string }

const told = [
  'email',
  'isEmailVerified',
  'username',
  'phone',
  'isPhoneVerified',
  'name',
  'givenName',
  'familyName',
  'nickname',
  'picture',
  'userMetadata',
  'appMetadata',
] as const

/** Hooks may refuse whoever is about to be created, and set his metadata. They never hear of his password. */
export const preRegister: CommandTrigger<Newcomer> = {
  name: 'user.pre-register',
  occasion: async (input, { connections }) => {
    const { connectionId, connectionName, applicationId } = input
    const connection = connectionId === undefined ? undefined : await connections.find(connectionId)
    const data: JsonObject = {}
    for (const field of told) if (input[field] !== undefined) data[field] = input[field]
    return { applicationId, connectionName: connectionName ?? connection?.name, data }
  },
  amend: ({ userMetadata = {}, appMetadata = {} }, wanted) => ({
    ...(wanted.userMetadata && { userMetadata: mergeMetadata(userMetadata, wanted.userMetadata) }),
    ...(wanted.appMetadata && { appMetadata: mergeMetadata(appMetadata, wanted.appMetadata) }),
  }),
}

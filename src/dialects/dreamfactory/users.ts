import type { Refusal } from '#core/refusals.ts'
import type { UserGroup } from '#core/users/group.ts'
import { listUsersOfGroup, readUserOfGroup } from '#core/users/parts.ts'
import {
  createUsersWithParts,
  deleteUserOfGroup,
  deleteUsersOfGroup,
  updateUsersWithParts,
  updateUserWithParts,
} from '#core/users/save.ts'
import { codeMail, leastPassword } from './codes.ts'
import { type Change, type ErrorItem, encodeRefusal } from './errors.ts'
import { isTrue } from './options.ts'
import type { DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'
import { recordHandlers } from './records.ts'
import { type Call, defineResource } from './routes.ts'
import {
  decodeNewUser,
  decodeUserChanges,
  type UserWriting,
  userColumns,
  userParts,
  userShape,
} from './users.wire.ts'

/** @see specs: §3.1 to §3.3 of the DreamFactory dialect */
export const userRoutes: DreamFactoryRoutes = async (app, parts) => {
  for (const [path, group] of [
    ['user', 'others'],
    ['admin', 'administrators'],
  ] as const) {
    const { collection, single } = userRecords(parts, group)
    const summary = group === 'others' ? 'Users' : 'Administrators'
    defineResource(app, parts, { service: 'system', path, summary, verbs: collection })
    defineResource(app, parts, { service: 'system', path, hasId: true, summary, verbs: single })
  }
}

const userRecords = ({ run, now }: DreamFactoryParts, group: UserGroup) => {
  const writing = ({ caller, options, request }: Call): UserWriting => ({
    group,
    leastPassword,
    replacesHeld: false,
    by: caller.user?.number,
    parts: userParts(options.related),
    ...(isTrue(options.raw.send_invite) && { invite: codeMail(request.issuer, 'user-invite', group) }),
  })
  return recordHandlers({
    shape: userShape(now),
    columns: userColumns,
    list: (call, listing) =>
      run(listUsersOfGroup, { group, listing, parts: userParts(call.options.related) }, call.actor),
    find: ({ options, actor }, number) =>
      run(readUserOfGroup, { ref: { number }, group, parts: userParts(options.related) }, actor),
    decodeNew: (record, call) => decodeNewUser(record, writing(call)),
    decodeChanges: (record, number, call) => decodeUserChanges(record, number, writing(call)),
    decodeRemoval: (number, call) => ({
      ref: { number },
      group,
      notSelf: true,
      parts: userParts(call.options.related),
    }),
    create: (batch, { actor }) => run(createUsersWithParts, batch, actor),
    update: (batch, { actor }) => run(updateUsersWithParts, batch, actor),
    updateOne: (input, { actor }) => run(updateUserWithParts, input, actor),
    remove: (batch, { actor }) => run(deleteUsersOfGroup, batch, actor),
    removeOne: (input, { actor }) => run(deleteUserOfGroup, input, actor),
    word,
  })
}

const word = (refusal: Refusal, past: Change): ErrorItem | undefined => {
  if (refusal.code !== 'wrong_group' || past !== 'deleted') return undefined
  const item = encodeRefusal(refusal)
  return {
    ...item,
    message: refusal.isAdministrator
      ? 'Not allowed to delete an admin user.'
      : 'Cannot delete a non-admin user.',
  }
}

import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, type Workspace } from '#test/workspace.ts'
import { createApplication } from '../applications/create.ts'
import { deleteApplication } from '../applications/delete.ts'
import { scopeOf } from '../scope.ts'
import { deleteUser } from '../users/delete.ts'
import { assignRoles } from './assign.ts'
import { createRole } from './create.ts'
import { deleteRole } from './delete.ts'

/** What can go away while somebody holds a role in it, by it or as it. */
type Held = { userId: string; roleId: string; applicationId: string }
const endings: Record<string, (space: Workspace, held: Held) => Promise<unknown>> = {
  role: ({ run, admin }, { roleId }) => run(deleteRole, { roleId }, admin),
  user: ({ run, admin }, { userId }) => run(deleteUser, { userId }, admin),
  application: ({ run, admin }, { applicationId }) => run(deleteApplication, { applicationId }, admin),
}

const hold = async ({ run, admin, user, clock }: Workspace): Promise<Held> => {
  const [userId, other] = [(await user()).id, (await user()).id]
  const { id: roleId } = await run(createRole, { name: 'editor' }, admin)
  const { id: applicationId } = await run(createApplication, { name: 'Wiki' }, admin)
  const scope = scopeOf('application', applicationId)
  const expiresAt = clock.now + 1000
  await run(assignRoles, { userIds: [userId], roleIds: ['user'], scope }, admin)
  await run(assignRoles, { userIds: [userId], roleIds: [roleId] }, admin)
  await run(assignRoles, { userIds: [userId, other], roleIds: [roleId], scope, expiresAt }, admin)
  clock.now = expiresAt
  return { userId, roleId, applicationId }
}

for (const [what, end] of Object.entries(endings)) {
  test(`with its ${what} every role ends, and one that had expired without a word`, async (t) => {
    const space = await openWorkspace(t)
    const held = await hold(space)
    await space.events()
    await end(space, held)
    const told = (await space.events()).filter(({ type }) => type === 'role.removed')
    const { userId, roleId, applicationId } = held
    const inWorkspace = `${userId} ${roleId} workspace`
    const inApplication = `${userId} user application:${applicationId}`
    const expected = { role: [inWorkspace], user: [inApplication, inWorkspace], application: [inApplication] }
    assert.deepEqual(
      told.map((event) => `${event.userId} ${event.roleId} ${event.scope}`),
      expected[what as keyof typeof expected],
    )
  })
}

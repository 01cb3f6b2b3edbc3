import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { assignRoles } from '../roles/assign.ts'
import { createUser } from './create.ts'
import { linkIdentity, linkOwnUsers, linkUsers, unlinkIdentity } from './identities.ts'
import { updateUser } from './update.ts'

const google = (userId: string, subject = '1138') => ({
  userId,
  provider: 'google-oauth2',
  subject,
  connectionName: 'google-oauth2',
  isSocial: true,
  profile: { email: 'anna@gmail.example' },
})

const databaseUser = ({ run, system }: Workspace, name: string) =>
  run(
    createUser,
    {
      username: name,
      email: `${name}@example.com`,
      password: 'correct horse Battery 1',
      connectionName: 'Username-Password-Authentication',
    },
    system,
  )

const types = async ({ events }: Workspace) => (await events()).map(({ type, userId }) => [type, userId])

test('an identity belongs to one user, and linking it again changes nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [anna, ben] = [await space.user('anna'), await space.user('ben')]
  await space.events()
  const linked = await run(linkIdentity, google(anna.id), admin)
  assert.deepEqual(
    linked.identities.map(({ provider, subject, userId }) => [provider, subject, userId]),
    [['google-oauth2', '1138', anna.id]],
  )
  assert.deepEqual(await types(space), [['user.identity-linked', anna.id]])
  assert.deepEqual(await run(linkIdentity, google(anna.id), admin), linked)
  assert.deepEqual(await refusalOf(run(linkIdentity, google(ben.id), admin)), {
    code: 'taken',
    kind: 'identity',
    field: 'subject',
    value: '1138',
  })
  assert.deepEqual(await types(space), [])
  const ours = { ...google(anna.id), provider: 'auth0', subject: ben.id }
  assert.equal((await refusalOf(run(linkIdentity, ours, admin))).code, 'invalid')
})

test('linking users moves every way in to the primary and removes the secondary with his roles', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const [anna, other] = [await databaseUser(space, 'anna'), await databaseUser(space, 'anna-at-work')]
  await run(linkIdentity, google(other.id), admin)
  await run(assignRoles, { userIds: [other.id], roleIds: ['bot'] }, admin)
  await space.events()
  const merged = await run(linkUsers, { userId: anna.id, secondaryUserId: other.id }, admin)
  assert.deepEqual(
    merged.identities.map(({ provider, subject }) => [provider, subject]).sort(),
    [
      ['auth0', other.id],
      ['google-oauth2', '1138'],
    ].sort(),
  )
  const own = merged.identities.find(({ provider }) => provider === 'auth0')
  assert.deepEqual(own?.profile, {
    email: 'anna-at-work@example.com',
    email_verified: false,
    username: 'anna-at-work',
  })
  assert.deepEqual(await types(space), [
    ['role.removed', other.id],
    ['user.deleted', other.id],
    ['user.identity-linked', anna.id],
    ['user.identity-linked', anna.id],
  ])
  assert.equal(await reader.users.find(other.id), undefined)
  assert.equal((await reader.users.findByIdentity('google-oauth2', '1138'))?.id, anna.id)
  assert.deepEqual(await reader.assignments.effectiveRoles(anna.id, ['workspace'], space.clock.now), [])
})

test('linking follows the rules for deleting users, and lets no blocked person in', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const [anna, ben] = [await space.user('anna'), await space.user('ben')]
  await run(updateUser, { userId: ben.id, changes: { isBlocked: true } }, system)
  await space.events()
  const link = (secondaryUserId: string, userId = anna.id) =>
    refusalOf(run(linkUsers, { userId, secondaryUserId }, admin))
  assert.deepEqual(await link(admin.id), { code: 'last_administrator', userId: admin.id })
  assert.equal((await link(anna.id)).code, 'invalid')
  assert.equal((await link(ben.id)).code, 'invalid')
  assert.equal((await link('nobody')).code, 'not_found')
  assert.equal((await link(anna.id, 'nobody')).code, 'not_found')
  assert.deepEqual(await space.events(), [])
})

test('nobody links his way into a user who may do more than he (case 23)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const helper = await space.person('users:update')
  const anna = await space.user('anna')
  assert.equal((await refusalOf(run(linkIdentity, google(admin.id), helper))).code, 'cannot_grant')
  for (const [userId, secondaryUserId] of [
    [admin.id, anna.id],
    [anna.id, admin.id],
  ] as const) {
    const refusal = await refusalOf(run(linkUsers, { userId, secondaryUserId }, helper))
    assert.equal(refusal.code, 'cannot_grant')
  }
  await run(linkIdentity, google(anna.id), helper)
})

test('a person links only users that he signed in as, whatever addresses they share [rows 8 and 23]', async (t) => {
  const space = await openWorkspace(t)
  const { run, anonymous, system } = {
    ...space,
    anonymous: { kind: 'anonymous', id: 'anonymous', door: 'native' } as const,
  }
  const [anna, ben, other] = [await space.user('anna'), await space.user('ben'), await space.user('other')]
  await run(linkIdentity, { ...google(other.id), profile: { email: 'anna@example.com' } }, system)
  assert.equal((await space.reader.users.findByIdentity('google-oauth2', '1138'))?.id, other.id)
  const taken = { userId: anna.id, secondaryUserId: ben.id }
  assert.equal((await refusalOf(run(linkUsers, taken, actorOf(anna)))).code, 'forbidden')
  for (const [actor, secondary] of [
    [actorOf(anna), anonymous],
    [anonymous, actorOf(anna)],
    [actorOf(anna), system],
  ] as const) {
    assert.equal((await refusalOf(run(linkOwnUsers, { secondary }, actor))).code, 'forbidden')
  }
  const merged = await run(linkOwnUsers, { secondary: actorOf(other) }, actorOf(anna))
  assert.deepEqual([merged.id, merged.identities.map(({ subject }) => subject)], [anna.id, ['1138']])
})

test('an identity is unlinked once, and the only way in stays', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [anna, ben] = [await databaseUser(space, 'anna'), await space.user('ben')]
  for (const userId of [anna.id, ben.id]) await run(linkIdentity, google(userId, userId), system)
  await space.events()
  const key = { userId: anna.id, provider: 'google-oauth2', subject: anna.id }
  assert.deepEqual((await run(unlinkIdentity, key, actorOf(anna))).identities, [])
  assert.deepEqual(await types(space), [['user.identity-unlinked', anna.id]])
  assert.equal((await refusalOf(run(unlinkIdentity, key, actorOf(anna)))).code, 'not_found')
  const others = { ...key, subject: ben.id }
  assert.equal((await refusalOf(run(unlinkIdentity, others, actorOf(anna)))).code, 'not_found')
  const only = { userId: ben.id, provider: 'google-oauth2', subject: ben.id }
  assert.equal((await refusalOf(run(unlinkIdentity, only, actorOf(ben)))).code, 'in_use')
  await run(linkIdentity, google(ben.id, 'second'), system)
  await run(unlinkIdentity, only, actorOf(ben))
})

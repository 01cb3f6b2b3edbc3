import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestDatabase, useStore } from '../database.ts'
import { aRole, aUser, insertRoles, insertUsers } from '../things.ts'

export const letterCase = (database: TestDatabase) =>
  describe('letter case', () => {
    const db = useStore(database)

    test('an e-mail address is found whatever its letter case, and kept as it was given', async () => {
      const { store, reader } = { store: db(), reader: db().reader }
      const [user] = await store.write((tx) => insertUsers(tx, [{ email: 'Jörg.Müller@Example.ORG' }]))
      for (const spelling of [
        'Jörg.Müller@Example.ORG',
        'jörg.müller@example.org',
        'JÖRG.MÜLLER@EXAMPLE.ORG',
        'JÖRG.MÜLLER@EXAMPLE.ORG'.normalize('NFD'),
      ]) {
        assert.deepEqual(await reader.users.findByEmail(spelling), user, spelling)
      }
      assert.equal(user?.email, 'Jörg.Müller@Example.ORG')
      assert.equal(await reader.users.findByEmail('jorg.muller@example.org'), undefined)
    })

    test('a user name is found whatever its letter case and its composition', async () => {
      const { reader } = db()
      const [user] = await db().write((tx) => insertUsers(tx, [{ username: 'Ångström'.normalize('NFD') }]))
      for (const spelling of ['Ångström', 'ångström', 'ÅNGSTRÖM', 'ÅNGSTRÖM'.normalize('NFD')]) {
        assert.deepEqual(await reader.users.findByUsername(spelling), user, spelling)
      }
      assert.equal(user?.username, 'Ångström'.normalize('NFD'))
    })

    test('letters outside Latin are folded too', async () => {
      const [user] = await db().write((tx) =>
        insertUsers(tx, [{ username: 'ΑΘΗΝΑ', email: 'ПОЧТА@ПРИМЕР.РФ' }]),
      )
      assert.deepEqual(await db().reader.users.findByUsername('αθηνα'), user)
      assert.deepEqual(await db().reader.users.findByEmail('почта@пример.рф'), user)
    })

    test('two users may not differ in the letter case of a name or an address alone', async () => {
      await db().write((tx) => insertUsers(tx, [{ username: 'Zoë', email: 'zoë@example.org' }]))
      const before = await db().reader.users.count()
      for (const clash of [
        { username: 'ZOË' },
        { username: 'zoë'.normalize('NFD') },
        { email: 'ZOË@example.org' },
      ]) {
        await assert.rejects(db().write((tx) => tx.users.insert(aUser(clash))))
      }
      assert.equal(await db().reader.users.count(), before)
    })

    test('a changed address is found under its new spelling only, and a cleared one is free again', async () => {
      const [user] = await db().write((tx) => insertUsers(tx, [{ email: 'First@example.org' }]))
      await db().write((tx) => tx.users.update(user!.id, { email: 'Second@example.org' }))
      assert.equal(await db().reader.users.findByEmail('first@example.org'), undefined)
      assert.equal((await db().reader.users.findByEmail('SECOND@example.org'))?.id, user?.id)
      await db().write((tx) => tx.users.update(user!.id, { email: undefined }))
      assert.equal(await db().reader.users.findByEmail('second@example.org'), undefined)
      await db().write((tx) => tx.users.insert(aUser({ email: 'SECOND@EXAMPLE.org' })))
    })

    test('a role is found by its name whatever the letter case; several of a name come oldest first', async () => {
      const names = ['Prüfer', 'PRÜFER', 'prüfer'.normalize('NFD'), 'Prufer']
      const roles = await db().write((tx) =>
        insertRoles(
          tx,
          names.map((name) => ({ name })),
        ),
      )
      for (const spelling of names.slice(0, 3)) {
        assert.deepEqual(await db().reader.roles.findByName(spelling), roles.slice(0, 3), spelling)
      }
      assert.deepEqual(await db().reader.roles.findByName('prufer'), roles.slice(3))
    })

    test('ids differ in letter case', async () => {
      const [lower, upper] = await db().write((tx) => insertUsers(tx, [{ id: 'abc' }, { id: 'ABC' }]))
      assert.deepEqual(await db().reader.users.find('abc'), lower)
      assert.deepEqual(await db().reader.users.find('ABC'), upper)
      assert.equal(await db().reader.users.find('Abc'), undefined)
      await db().write((tx) => tx.roles.insert(aRole({ id: 'Role-A' })))
      assert.equal(await db().reader.roles.find('role-a'), undefined)
    })
  })

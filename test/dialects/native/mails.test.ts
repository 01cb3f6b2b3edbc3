import assert from 'node:assert/strict'
import { systemActor } from '#core/actor.ts'
import { requestPasswordReset } from '#core/users/reset-password.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, give, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

const system = systemActor('system')

/** Somebody whose roles carry these permissions, by his token. */
const clerk = async (test: TestServer, ...permissions: string[]): Promise<string> => {
  const user = await makeUser(test)
  await give(test, user, await makeRole(test, { permissions }))
  return tokenOfPerson(test, user, { scope: permissions.join(' ') })
}

const as = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

const settled = async (test: TestServer, id: string, token: string) => {
  for (let tries = 0; tries < 500; tries += 1) {
    const { body } = await test.call('GET', `${base}/mails/${id}`, { headers: as(token) })
    if ((body as { status: string }).status !== 'queued') return body as { status: string }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The mail was not sent within five seconds')
}

const template = { subject: 'Hello {{ name }}', html: '<p>{first_name}: {{ link }}</p>' }

scenarios('mails', (scenario) => {
  scenario('a test mail is sent, listed, and read by who may', {
    scopes: ['read:users'],
    post: [`${base}/mail/test`, { to: 'x@example.com' }],
    expect: { status: 403, body: any, events: [] },
    then: async (test) => {
      const token = await clerk(test, 'mails:send', 'mails:read', 'mails:read-content')
      const sent = await test.call('POST', `${base}/mail/test`, {
        headers: as(token),
        body: { to: 'x@example.com', locale: 'de' },
      })
      assert.equal(sent.status, 202)
      const { id } = sent.body as { id: string }
      assert.equal((await settled(test, id, token)).status, 'sent')
      const list = await test.call('GET', `${base}/mails?to=X@example.com&total=true`, { headers: as(token) })
      assert.equal((list.body as { total: number }).total, 1)
      const content = await test.call('GET', `${base}/mails/${id}/content`, { headers: as(token) })
      assert.equal((content.body as { subject: string }).subject, 'Mail von Rolecall kommt an')
      const retried = await test.call('POST', `${base}/mails/${id}/retry`, { headers: as(token) })
      assert.equal(retried.status, 400)
    },
  })

  scenario('the link in a mail is for who may do what its reader may', {
    given: async (test) => {
      const email = 'reader@example.com'
      const user = await makeUser(test, { email })
      await test.server.workspace.run(requestPasswordReset, { user: { email } }, system)
      const mail = await test.server.workspace.store.reader.mails.findBy({ userId: user })
      return { mail: mail!.id }
    },
    scopes: ['read:users', 'update:users'],
    get: ({ mail }) => [`${base}/mails/${mail}/content`],
    expect: { status: 403, body: any, events: [] },
    then: async (test, { mail }) => {
      const content = await test.call('GET', `${base}/mails/${mail}/content`, {
        headers: as(await clerk(test, 'mails:read-content')),
      })
      assert.match(content.text, new RegExp(`${test.origin}/lo/reset\\?ticket=[\\w-]{43}`, 'u'))
      const listed = await test.call('GET', `${base}/mails`, { headers: as(await clerk(test, 'mails:read')) })
      assert.doesNotMatch(listed.text, /ticket=|sealed/u)
    },
  })

  scenario('a template is read, tried, written and put back', {
    scopes: ['read:email_templates', 'update:email_templates'],
    put: [`${base}/mail-templates/welcome/en`, template],
    expect: {
      status: 200,
      body: { name: 'welcome', locale: 'en', ...template, isOwn: true, isActive: true, hasDefault: true },
      events: ['mail-template.updated'],
    },
    then: async (test) => {
      const token = await test.token('read:email_templates', 'update:email_templates')
      const path = `${base}/mail-templates/welcome/en`
      assert.equal((await test.call('PUT', path, { token, body: template })).status, 200)
      assert.deepEqual(await test.events(), [], 'the same again changes nothing')
      const body = { html: '<p>tried for {{ user.email }}</p>' }
      const preview = (await test.call('POST', `${path}/preview`, { token, body })).body as {
        subject: string
        text: string
      }
      assert.deepEqual([preview.subject, preview.text], ['Hello Ada Lovelace', 'tried for ada@example.com'])
      assert.equal((await test.call('DELETE', path, { token })).status, 204)
      assert.equal((await test.call('DELETE', path, { token })).status, 404)
      const list = (await test.call('GET', `${base}/mail-templates`, { token })).body as {
        items: { name: string; isOwn: boolean }[]
      }
      assert.ok(list.items.length > 15 && list.items.every(({ isOwn }) => !isOwn))
    },
  })

  scenario('a template that can not be filled is refused', {
    scopes: ['update:email_templates'],
    put: [`${base}/mail-templates/welcome/en`, { ...template, html: '{% if %}' }],
    expect: { status: 400, body: problem('invalid', 400, { field: 'html', reason: any }), events: [] },
  })

  scenario('without the right nobody changes what mails say', {
    scopes: ['read:email_templates'],
    put: [`${base}/mail-templates/welcome/en`, template],
    expect: { status: 403, body: any, events: [] },
  })
})

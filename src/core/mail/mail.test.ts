import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { command } from '../operation.ts'
import { deleteUser } from '../users/delete.ts'
import { defaultTemplateNames, languages } from './default-templates.ts'
import { claimMail, findDueMails, finishMail, purgeMails, retryMail, writeQueuedMail } from './queue.ts'
import { getMailContent, listMails } from './read.ts'
import { type SendMail, sendMail } from './send.ts'
import { listMailTemplates, previewMailTemplate, putMailTemplate, removeMailTemplate } from './templates.ts'

const send = command<SendMail & { failing?: boolean }, string>({
  name: 'send for test',
  needs: { anyone: 'a test' },
  run: async (tx, { failing, ...input }) => {
    const { id } = await sendMail(tx, input)
    if (failing) throw new Error('rolled back')
    return id
  },
})

const link = 'https://rolecall.example/lo/reset?ticket=very-secret'
const reset: SendMail = { to: 'Anna@Example.com', template: 'reset-password', secrets: { link } }

const written = async ({ run, system }: Workspace, mailId: string) => {
  const result = await run(writeQueuedMail, { mailId }, system)
  assert.ok(result && 'mail' in result, JSON.stringify(result))
  return result.mail
}

test('a mail is queued with the transaction it belongs to, or not at all', async (t) => {
  const space = await openWorkspace(t)
  await assert.rejects(space.run(send, { ...reset, failing: true }, space.system))
  assert.deepEqual(await space.run(findDueMails, { limit: 10 }, space.system), [])
  const id = await space.run(send, reset, space.system)
  assert.deepEqual(await space.run(findDueMails, { limit: 10 }, space.system), [id])
})

test('links and codes are sealed at rest, and in the mail as it goes out', async (t) => {
  const space = await openWorkspace(t)
  const id = await space.run(send, reset, space.system)
  const row = await space.reader.mails.find(id)
  assert.equal(JSON.stringify(row).includes('very-secret'), false)
  const { items } = await space.run(listMails, { listing: { limit: 10 } }, space.system)
  assert.equal(JSON.stringify(items).includes(row!.sealedSecrets!), false)
  const mail = await written(space, id)
  assert.ok(mail.text.includes(link) && mail.html.includes(link))
})

test('what people call themselves can not write a mail', async (t) => {
  const space = await openWorkspace(t)
  const data = {
    inviterName: '<a href="https://evil.example">{{ link }} {link}\r\nBcc: x@example.com',
  }
  const id = await space.run(send, { ...reset, template: 'invitation', data }, space.system)
  const { subject, html } = await written(space, id)
  assert.equal(html.includes('<a href="https://evil.example">'), false)
  assert.equal(subject.includes('very-secret'), false)
  assert.doesNotMatch(subject, /[\r\n]/u)
})

test('every default template reads well in every language, without and with what it can show', async (t) => {
  const space = await openWorkspace(t)
  for (const name of defaultTemplateNames) {
    for (const locale of languages) {
      const { subject, text, html } = await space.run(previewMailTemplate, { name, locale }, space.system)
      for (const part of [subject, text, html]) {
        assert.ok(part.length > 10)
        assert.doesNotMatch(part, /[{}]{2}|\{%|undefined|\[object/u, `${name} ${locale}`)
      }
      const id = await space.run(send, { to: 'x@example.com', template: name, locale }, space.system)
      assert.doesNotMatch((await written(space, id)).text, /[{}]|undefined/u)
    }
  }
})

test('the language is the reader’s, as near as there is one', async (t) => {
  const space = await openWorkspace(t)
  const subjectIn = async (locale: string) =>
    (await written(space, await space.run(send, { ...reset, locale }, space.system))).subject
  assert.equal(await subjectIn('de-AT'), 'Neues Passwort für Rolecall')
  assert.equal(await subjectIn('fr'), 'Set a new password for Rolecall')
  const own = {
    name: 'reset-password',
    locale: 'de-at',
    subject: 'Servus {{ email }}',
    html: '<p>{link}</p>',
  }
  await space.run(putMailTemplate, own, space.system)
  assert.equal(await subjectIn('de-AT'), 'Servus Anna@Example.com')
  assert.equal(await subjectIn('de'), 'Neues Passwort für Rolecall')
})

test('a template of one’s own counts until it is switched off or removed, and speaks both vendors’ syntax', async (t) => {
  const space = await openWorkspace(t)
  const { id: userId } = await space.user('anna')
  const own = {
    name: 'reset-password',
    locale: 'en',
    subject: '{{ user.email }}',
    html: '<style>p {color: red}</style><p>{{ url | upcase }} {first_name} {email} {unknown}</p>',
  }
  await space.run(putMailTemplate, own, space.system)
  const mail = { ...reset, to: 'anna@example.com', userId }
  const id = await space.run(send, mail, space.system)
  const first = await written(space, id)
  assert.equal(first.subject, 'anna@example.com')
  assert.equal(first.text, `${link.toUpperCase()} anna@example.com {unknown}`)
  await space.run(putMailTemplate, { ...own, isActive: false }, space.system)
  assert.equal((await written(space, id)).subject, 'Set a new password for Rolecall')
  await space.run(removeMailTemplate, { name: own.name, locale: own.locale }, space.system)
  assert.deepEqual(
    (await space.events()).map(({ type }) => type).filter((type) => type.startsWith('mail')),
    ['mail-template.updated', 'mail-template.updated', 'mail-template.removed'],
  )
  const names = (await space.run(listMailTemplates, {}, space.system)).map(({ name }) => name)
  assert.equal(names.length, defaultTemplateNames.length * languages.length)
})

test('a template that could not be filled is refused, also one that would take for ever', async (t) => {
  const space = await openWorkspace(t)
  for (const html of [
    '{{ broken',
    '{% for i in (1..100000000) %}{{ i }}{% endfor %}',
    '{% include "/etc/passwd" %}',
    '{{ name | no_such_filter }}',
  ]) {
    const input = { name: 'welcome', locale: 'en', subject: 's', html }
    assert.equal((await refusalOf(space.run(putMailTemplate, input, space.system))).code, 'invalid', html)
  }
})

test('a mail is claimed by one sender at a time, and tried again when he is gone', async (t) => {
  const space = await openWorkspace(t)
  const mailId = await space.run(send, reset, space.system)
  const claim = () => space.run(claimMail, { mailId, leaseSeconds: 60 }, space.system)
  const claims = await Promise.all(Array.from({ length: 20 }, claim))
  assert.deepEqual(
    claims.filter((attempt) => attempt !== undefined),
    [1],
  )
  space.clock.now += 60_001
  assert.equal(await claim(), 2)
  // The first comes back, late.
  const sent = { sent: true, isKept: false } as const
  await space.run(finishMail, { mailId, attempt: 1, outcome: sent }, space.system)
  assert.equal((await space.reader.mails.find(mailId))?.status, 'queued')
  await space.run(finishMail, { mailId, attempt: 2, outcome: sent }, space.system)
  const mail = await space.reader.mails.find(mailId)
  assert.deepEqual([mail?.status, mail?.sealedSecrets], ['sent', undefined])
})

test('tries grow rarer, end after about a day, and begin anew on request', async (t) => {
  const space = await openWorkspace(t)
  const mailId = await space.run(send, reset, space.system)
  const outcome = { sent: false, fault: 'Connection refused', isPermanent: false } as const
  const start = space.clock.now
  let tries = 0
  for (; tries < 100; tries += 1) {
    const attempt = await space.run(claimMail, { mailId, leaseSeconds: 60 }, space.system)
    assert.ok(attempt)
    await space.run(finishMail, { mailId, attempt, outcome }, space.system)
    const mail = await space.reader.mails.find(mailId)
    if (mail?.status === 'failed') break
    space.clock.now = mail!.nextTryAt!
  }
  assert.equal(tries, 10)
  const hours = (space.clock.now - start) / 3_600_000
  assert.ok(hours > 20 && hours < 30, `${hours} hours`)
  assert.deepEqual(
    (await space.events()).filter(({ type }) => type === 'mail.failed').map(({ target }) => target?.id),
    [mailId],
  )
  const { status, attempts } = await space.run(retryMail, { mailId }, space.system)
  assert.deepEqual([status, attempts], ['queued', 0])
  assert.deepEqual(await space.run(findDueMails, { limit: 1 }, space.system), [mailId])
})

test('the links in a mail are read only by those who may do what its reader may', async (t) => {
  const space = await openWorkspace(t)
  const clerk = await space.person('mails:read', 'mails:read-content')
  const viewer = await space.person('mails:read')
  const anna = await space.user('anna')
  const toAdmin = await space.run(send, { ...reset, userId: space.admin.id }, space.system)
  const toAnna = await space.run(send, { ...reset, userId: anna.id }, space.system)
  const read = (mailId: string, actor: typeof clerk) => space.run(getMailContent, { mailId }, actor)
  assert.equal((await refusalOf(read(toAdmin, clerk))).code, 'cannot_grant')
  assert.equal((await refusalOf(read(toAnna, viewer))).code, 'forbidden')
  assert.ok((await read(toAnna, clerk)).text.includes(link))
  assert.ok((await read(toAdmin, space.admin)).text.includes(link))
})

test('mails go with their reader, and old ones by themselves', async (t) => {
  const space = await openWorkspace(t)
  const anna = await space.user('anna')
  await space.run(send, { ...reset, userId: anna.id }, space.system)
  await space.run(deleteUser, { userId: anna.id }, space.system)
  assert.equal(await space.reader.mails.count(), 0)
  const mailId = await space.run(send, reset, space.system)
  const attempt = (await space.run(claimMail, { mailId, leaseSeconds: 60 }, space.system))!
  await space.run(finishMail, { mailId, attempt, outcome: { sent: true, isKept: true } }, space.system)
  const waiting = await space.run(send, reset, space.system)
  space.clock.now += 31 * 86_400_000
  assert.equal(await space.run(purgeMails, {}, space.system), 1)
  const { items } = await space.reader.mails.list({ limit: 10 })
  assert.deepEqual(
    items.map(({ id }) => id),
    [waiting],
  )
})

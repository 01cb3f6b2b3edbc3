import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { simpleParser } from 'mailparser'
import type { Mail } from '#core/mail/mail.ts'
import { retryMail } from '#core/mail/queue.ts'
import { sendTestMail } from '#core/mail/send.ts'
import { createUser } from '#core/users/create.ts'
import { startMailServer, startSilentServer } from '#test/mail-server.ts'
import { openWorkspace, type Workspace } from '#test/workspace.ts'
import { createMailTransport, type TransportOptions } from './transport.ts'
import { startMailWorker } from './worker.ts'

/** A workspace and the workers over it, which end before it does. */
const setUp = async (t: TestContext) => {
  const space = await openWorkspace()
  const dataDir = await mkdtemp(join(tmpdir(), 'rolecall-mail-'))
  const errors: unknown[] = []
  const workers: ReturnType<typeof startMailWorker>[] = []
  t.after(async () => {
    for (const worker of workers) await worker.stop()
    await space.close()
    await rm(dataDir, { recursive: true, force: true })
    assert.deepEqual(errors, [])
  })
  const begin = (options: Partial<TransportOptions>) => {
    const transport = createMailTransport({
      smtpUrl: undefined,
      mailFrom: 'Rolecall <no-reply@example.com>',
      hostname: 'rolecall.example',
      patienceMilliseconds: 300,
      dataDir,
      now: () => space.clock.now,
      ...options,
    })
    const onError = (error: unknown) => errors.push(error)
    workers.push(startMailWorker({ run: space.run, transport, pollMilliseconds: 10, onError }))
  }
  return { space, dataDir, begin }
}

const queue = ({ run, system }: Workspace, to = 'anna@example.com') => run(sendTestMail, { to }, system)

const until = async (space: Workspace, mailId: string, holds: (mail: Mail) => boolean): Promise<Mail> => {
  for (let tries = 0; tries < 1000; tries += 1) {
    const mail = await space.reader.mails.find(mailId)
    if (mail && holds(mail)) return mail
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It did not happen within ten seconds')
}

test('a mail reaches its reader through a real server, in both forms', async (t) => {
  const { space, begin } = await setUp(t)
  const server = await startMailServer(t)
  begin({ smtpUrl: server.url })
  const { id } = await queue(space)
  const { attempts } = await until(space, id, ({ status }) => status === 'sent')
  assert.equal(attempts, 1)
  assert.equal(server.mails.length, 1)
  const [mail] = server.mails
  assert.equal(mail?.from?.text, '"Rolecall" <no-reply@example.com>')
  assert.deepEqual(mail?.to && [mail.to].flat().map(({ text }) => text), ['anna@example.com'])
  assert.equal(mail?.subject, 'Mail from Rolecall arrives')
  assert.equal(mail?.messageId, `<${id}@rolecall.example>`)
  assert.ok(mail?.text?.includes('This is a test.') && String(mail?.html).includes('This is a test.'))
})

test('an address is one reader, whatever is in it', async (t) => {
  const { space, begin } = await setUp(t)
  const server = await startMailServer(t)
  begin({ smtpUrl: server.url })
  const { id } = await queue(space, 'anna,eve@example.com')
  await until(space, id, ({ status, fault }) => status !== 'queued' || fault !== undefined)
  const readers = server.mails.flatMap(({ to }) => (to ? [to].flat().flatMap(({ value }) => value) : []))
  assert.equal(
    readers.some(({ address }) => address === 'eve@example.com'),
    false,
  )
})

test('a server that refuses for good fails the mail at once; one that is busy is asked again', async (t) => {
  const { space, begin } = await setUp(t)
  let isBusy = true
  const server = await startMailServer(t, {
    judge: (address) => {
      if (address.startsWith('nobody')) return { code: 550, message: 'No such user' }
      return isBusy ? { code: 451, message: 'Try later' } : undefined
    },
  })
  begin({ smtpUrl: server.url })
  const refused = await queue(space, 'nobody@example.com')
  const failed = await until(space, refused.id, ({ status }) => status === 'failed')
  assert.match(failed.fault ?? '', /No such user/u)
  const { id } = await queue(space)
  const waiting = await until(space, id, ({ fault }) => fault !== undefined)
  assert.match(waiting.fault ?? '', /Try later/u)
  assert.equal(waiting.nextTryAt, space.clock.now + 10_000)
  isBusy = false
  space.clock.now += 10_000
  assert.equal((await until(space, id, ({ status }) => status === 'sent')).attempts, 2)
})

test('while a server stalls, others write; the mail waits for its next try', async (t) => {
  const { space, begin } = await setUp(t)
  const server = await startSilentServer(t)
  begin({ smtpUrl: server.url, patienceMilliseconds: 1500 })
  const { id } = await queue(space)
  await until(space, id, ({ attempts }) => attempts === 1)
  for (let count = 0; count < 5; count += 1) {
    await space.run(createUser, { username: `u${count}` }, space.system)
  }
  const during = await space.reader.mails.find(id)
  assert.equal(during?.fault, undefined, 'the writes were done while the server was silent')
  const after = await until(space, id, ({ fault }) => fault !== undefined)
  assert.equal(after.status, 'queued')
})

test('a server that stops in the middle of a talk is no end of a mail', async (t) => {
  const { space, begin } = await setUp(t)
  const silent = await startSilentServer(t, '220 hello\r\n')
  begin({ smtpUrl: silent.url })
  const { id } = await queue(space)
  const mail = await until(space, id, ({ fault }) => fault !== undefined)
  assert.equal(mail.status, 'queued')
})

test('a server that goes away and comes back gets every mail', async (t) => {
  const { space, begin } = await setUp(t)
  const first = await startMailServer(t)
  begin({ smtpUrl: first.url })
  const before = await queue(space)
  await until(space, before.id, ({ status }) => status === 'sent')
  await first.close()
  const { id } = await queue(space)
  const waiting = await until(space, id, ({ fault }) => fault !== undefined)
  assert.equal(waiting.status, 'queued')
  const second = await startMailServer(t, { port: first.port })
  await space.run(retryMail, { mailId: id }, space.system)
  await until(space, id, ({ status }) => status === 'sent')
  assert.equal(second.mails.length, 1)
})

test('many mails go out once each, from two processes', async (t) => {
  const { space, begin } = await setUp(t)
  const server = await startMailServer(t)
  begin({ smtpUrl: server.url, patienceMilliseconds: 5000 })
  begin({ smtpUrl: server.url, patienceMilliseconds: 5000 })
  const queued = await Promise.all(Array.from({ length: 40 }, (_, at) => queue(space, `u${at}@example.com`)))
  for (const { id } of queued) await until(space, id, ({ status }) => status === 'sent')
  const readers = server.mails.flatMap(({ to }) => (to ? [to].flat().map(({ text }) => text) : []))
  assert.equal(readers.length, 40)
  assert.equal(new Set(readers).size, 40)
})

test('without a mail server each mail is a file that only the server’s own user reads', async (t) => {
  const { space, begin, dataDir } = await setUp(t)
  begin({})
  const { id } = await queue(space)
  await until(space, id, ({ status }) => status === 'sent')
  const [name, ...more] = await readdir(join(dataDir, 'mail'))
  assert.deepEqual(more, [])
  assert.ok(name?.endsWith(`${id}.eml`))
  const path = join(dataDir, 'mail', name ?? '')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const mail = await simpleParser(await readFile(path))
  assert.equal(mail.subject, 'Mail from Rolecall arrives')
})

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** What a mail server answers to a reader; anything but `undefined` refuses him. */
export type Verdict = { code: number; message: string } | undefined

/** A real SMTP server in this process, with what it was sent. */
export const startMailServer = async (
  test: Pick<TestContext, 'after'>,
  { judge = () => undefined, port = 0 }: { judge?: (address: string) => Verdict; port?: number } = {},
) => {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    // Pooled connections stay open otherwise.
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, callback) => {
      const verdict = judge(address)
      callback(verdict && Object.assign(new Error(verdict.message), { responseCode: verdict.code }))
    },
    onData: (stream, _session, callback) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail)
          callback()
        },
        (error: Error) => callback(error),
      )
    },
  })
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  test.after(close)
  const address = server.server.address() as { port: number }
  return { mails, port: address.port, url: `smtp://127.0.0.1:${address.port}`, close }
}

/** Takes connections and then says nothing more, or only begins to. */
export const startSilentServer = async (test: Pick<TestContext, 'after'>, greeting = '') => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    if (greeting !== '') socket.write(greeting)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}` }
}

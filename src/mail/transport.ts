import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SendMailOptions } from 'nodemailer'
import type { WrittenMail } from '#core/mail/mail.ts'

/** What can't be sent, and whether trying again could help. */
export type Undelivered = { fault: string; isPermanent: boolean }

export type MailTransport = {
  /** Whether what is sent lies on this machine, where administrators read it. */
  isKept: boolean
  /** Undefined when the mail is taken. Never rejects. */
  deliver(mail: WrittenMail): Promise<Undelivered | undefined>
  close(): void
}

/** Loaded with the first mail. */
const nodemailer = () => import('nodemailer')

type Sender = { name?: string; address: string }

export type TransportOptions = {
  smtpUrl: string | undefined
  /** `Name <address>` or an address. */
  mailFrom: string | undefined
  dataDir: string
  /** Named in message ids, and in the sender where none was set. */
  hostname: string
  now: () => number
  /** How long a mail server may take to answer anything. */
  patienceMilliseconds?: number
}

/** Hands mails to a mail server, or writes them to `<data dir>/mail` where none is set. */
export const createMailTransport = (options: TransportOptions): MailTransport =>
  options.smtpUrl === undefined ? toDirectory(options) : toServer(options, options.smtpUrl)

/** The options of a connection: short enough that a try ends before its lease does. */
const connectionOf = (smtpUrl: string, patienceMilliseconds: number) => {
  const url = new URL(smtpUrl)
  const isSecure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: Number(url.port || (isSecure ? 465 : 587)),
    secure: isSecure,
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: patienceMilliseconds,
    greetingTimeout: patienceMilliseconds,
    socketTimeout: patienceMilliseconds,
    dnsTimeout: patienceMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

const toServer = (options: TransportOptions, smtpUrl: string): MailTransport => {
  const { patienceMilliseconds = 15_000 } = options
  const open = async () =>
    (await nodemailer()).createTransport({
      pool: true,
      maxConnections: 2,
      ...connectionOf(smtpUrl, patienceMilliseconds),
    })
  let opening: ReturnType<typeof open> | undefined
  return {
    isKept: false,
    deliver: async (mail) => {
      try {
        opening ??= open()
        const server = await opening
        await within(patienceMilliseconds * 5, server.sendMail(messageOf(mail, options)))
        return undefined
      } catch (error) {
        return undelivered(error as SmtpError)
      }
    },
    close: () => void opening?.then((server) => server.close()),
  }
}

type SmtpError = Error & { code?: string; responseCode?: number; command?: string }

/**
 * A server that says 5xx of this sender, reader or text will say so again. One that does not let us in may be mended.
 * @see RFC 5321 §4.2.1
 */
const undelivered = ({ message, responseCode = 0, command = '' }: SmtpError): Undelivered => ({
  fault: message.replaceAll(/\s+/gu, ' '),
  isPermanent: responseCode >= 500 && /^(MAIL FROM|RCPT TO|DATA)/u.test(command),
})

/** A server that sends a byte now and then could go on for ever. */
const within = async <Result>(milliseconds: number, work: Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The mail server takes too long')), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const toDirectory = (options: TransportOptions): MailTransport => {
  const directory = join(options.dataDir, 'mail')
  return {
    isKept: true,
    deliver: async (mail) => {
      try {
        const { createTransport } = await nodemailer()
        const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
        const { message } = await composer.sendMail(messageOf(mail, options))
        await mkdir(directory, { recursive: true, mode: 0o700 })
        const instant = new Date(options.now()).toISOString().replaceAll(/[:.]/gu, '-')
        const path = join(directory, `${instant}-${mail.id}.eml`)
        // Whoever watches the directory sees whole mails only.
        await writeFile(`${path}.part`, message as Buffer, { mode: 0o600 })
        await rename(`${path}.part`, path)
        return undefined
      } catch (error) {
        return { fault: (error as Error).message, isPermanent: false }
      }
    },
    close: () => {},
  }
}

const messageOf = (mail: WrittenMail, { mailFrom, hostname, now }: TransportOptions): SendMailOptions => {
  const standard = senderOf(mailFrom) ?? { name: 'Rolecall', address: `no-reply@${hostname}` }
  const name = mail.fromName ?? standard.name
  return {
    // The same for every try, so that mail programs show a mail once that had to be sent twice.
    messageId: `<${mail.id}@${hostname}>`,
    date: new Date(now()),
    from: { name: name ?? '', address: mail.fromEmail ?? standard.address },
    // Not as text: a comma in an address would make it several.
    to: { name: '', address: mail.to },
    ...(mail.replyTo !== undefined && { replyTo: { name: '', address: mail.replyTo } }),
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: { 'auto-submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

const senderOf = (mailbox: string | undefined): Sender | undefined => {
  if (mailbox === undefined) return undefined
  const named = /^(.*)<([^<>]+)>\s*$/u.exec(mailbox)
  if (!named) return { address: mailbox.trim() }
  return { name: named[1]!.trim().replace(/^"(.*)"$/u, '$1'), address: named[2]!.trim() }
}

/** Whether the mail server lets us in. Rejects with what it said. */
export const checkMailServer = async (smtpUrl: string, patienceMilliseconds = 5000): Promise<void> => {
  const { createTransport } = await nodemailer()
  const server = createTransport(connectionOf(smtpUrl, patienceMilliseconds))
  try {
    await within(patienceMilliseconds * 2, server.verify())
  } finally {
    server.close()
  }
}

import type { Extensions, JsonObject } from '../json.ts'

/** A mail on its way, or sent. It is written when it is sent: what it says follows from its template and data. */
export type Mail = {
  number: number
  id: string
  /** The address. */
  to: string
  /** The user it is for, if he is one. */
  userId?: string
  /** The template's name. */
  template: string
  /** As its reader's language was told: `de-AT`. */
  locale: string
  data: JsonObject
  /** What only its reader may know: links and codes. Gone once a mail server has taken the mail. */
  sealedSecrets?: string
  status: 'queued' | 'sent' | 'failed'
  /** How often it was handed to the mail server. */
  attempts: number
  /** When it is tried next; while it is being sent, when whoever sends it counts as gone. */
  nextTryAt?: number
  /** What the mail server said the last time. */
  fault?: string
  createdAt: number
  sentAt?: number
}

/** What everybody may know of a mail who may see that it was sent. */
export type ListedMail = Omit<Mail, 'sealedSecrets' | 'data'>

/** Binds what is sealed to its mail. */
export const mailSecretsContext = (mailId: string): string => `mail ${mailId}`

/** How a mail of a name reads in a language; the workspace's own goes before the default. */
export type MailTemplate = {
  number: number
  id: string
  name: string
  /** A language, `en` or `de`. */
  locale: string
  subject: string
  html: string
  /** Made from the HTML where it is absent. */
  text?: string
  /** Instead of the workspace's sender. */
  fromName?: string
  fromEmail?: string
  replyTo?: string
  /** One that is switched off is as if it weren't there. */
  isActive: boolean
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

/** What of a template makes a mail. */
export type MailSource = Pick<MailTemplate, 'subject' | 'html'> &
  Partial<Pick<MailTemplate, 'text' | 'fromName' | 'fromEmail' | 'replyTo'>>

/** A mail as it goes to the mail server. */
export type WrittenMail = {
  id: string
  to: string
  subject: string
  html: string
  text: string
  fromName?: string
  fromEmail?: string
  replyTo?: string
}

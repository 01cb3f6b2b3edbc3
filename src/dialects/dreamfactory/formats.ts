import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Fields, isFields, wrapper } from './envelope.ts'
import { WireError } from './errors.ts'
import { isTrue, type Options } from './options.ts'

const contentTypes = { json: 'application/json', csv: 'text/csv', xml: 'application/xml' } as const
type FormatName = keyof typeof contentTypes

/** What an answer is written as, and under which name it is saved where somebody wants a file. */
export type Format = { name: FormatName; file?: string }

/**
 * What the caller takes. Wherever he takes JSON, among others, he gets it.
 * @throws WireError 400 when he takes nothing that there is
 * @see specs: §1.3 of the DreamFactory dialect
 */
export const formatOf = ({ headers }: FastifyRequest, { raw }: Options, path: string): Format => {
  const file = typeof raw.file === 'string' ? raw.file.trim() : raw.file
  const [, ending] = typeof file === 'string' ? (/\.(json|csv|xml)$/iu.exec(file) ?? []) : []
  if (typeof file === 'string' && ending !== undefined) {
    return { name: ending.toLowerCase() as FormatName, file: file.replaceAll(/[^\w.-]/gu, '_') }
  }
  const name = acceptedOf(typeof raw.accept === 'string' ? raw.accept : (headers.accept ?? ''))
  return isTrue(file) ? { name, file: `${path.replaceAll(/[^\w.-]/gu, '_')}.${name}` } : { name }
}

const acceptedOf = (accept: string): FormatName => {
  const types = accept.split(',').flatMap((part) => part.split(';', 1)[0]!.trim().toLowerCase() || [])
  const isJson = (type: string) => /^(?:\*\/\*|\*|json|application\/(?:\*|json|\S+\+json))$/u.test(type)
  if (types.length === 0 || types.some(isJson)) return 'json'
  if (types.some((type) => /^(?:csv|text\/(?:csv|\*))$/u.test(type))) return 'csv'
  if (types.some((type) => /^(?:xml|(?:application|text)\/xml)$/u.test(type))) return 'xml'
  throw new WireError(
    400,
    `The answer can not be had as any of ${types.join(', ')}: it is ${Object.values(contentTypes).join(', ')}.`,
  )
}

export const send = (reply: FastifyReply, body: unknown, { name, file }: Format): FastifyReply => {
  if (file !== undefined) reply.header('content-disposition', `attachment; filename="${file}"`)
  return reply.type(contentTypes[name]).send(writers[name](body))
}

/** The first row names the fields; what is no plain value stands there as JSON. */
const writeTable = (body: unknown): string => {
  const listed = isFields(body) && Array.isArray(body[wrapper]) ? body[wrapper] : body
  const rows = (Array.isArray(listed) ? listed : [listed]) as unknown[]
  const names = [...new Set(rows.flatMap((row) => (isFields(row) ? Object.keys(row) : [])))]
  const lines = rows.map((row) => (isFields(row) ? names.map((name) => row[name]) : [row]))
  return [...(names.length > 0 ? [names] : []), ...lines]
    .map((line) => `${line.map(cell).join(',')}\n`)
    .join('')
}

const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : plain(value)
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const plain = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

const writeXml = (body: unknown): string =>
  `<?xml version="1.0" ?>\n${element('dfapi', Array.isArray(body) ? { [wrapper]: body } : body)}\n`

const element = (name: string, value: unknown): string => {
  if (Array.isArray(value)) return value.map((each) => element(name, each)).join('')
  const tag = /^[a-z_]/iu.test(name)
    ? name.replaceAll(/[^\w.-]/gu, '_')
    : `_${name.replaceAll(/[^\w.-]/gu, '_')}`
  if (value === null || value === undefined) return `<${tag}/>`
  const inner = isFields(value)
    ? Object.entries(value as Fields)
        .map(([key, each]) => element(key, each))
        .join('')
    : escapeXml(String(value))
  return `<${tag}>${inner}</${tag}>`
}

/** Control characters have no place in XML, escaped or not. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

const writers: Readonly<Record<FormatName, (body: unknown) => string>> = {
  json: (body) => JSON.stringify(body),
  csv: writeTable,
  xml: writeXml,
}

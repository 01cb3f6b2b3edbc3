import { parse as parseCsv } from 'csv-parse/sync'
import type { FastifyInstance } from 'fastify'
import { type Fields, wrapper } from './envelope.ts'
import { WireError } from './errors.ts'

/** Bodies are taken for JSON whatever they are called, except forms and tables. @see specs: §1.3 */
export const readBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'string' },
    async (request: { headers: { 'content-type'?: string } }, body: string | Buffer) =>
      decodeBody(String(body), request.headers['content-type']),
  )
}

export const decodeBody = (text: string, contentType = ''): unknown => {
  if (text.trim() === '') return undefined
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded' && !/^\s*[[{]/u.test(text)) {
    return Object.fromEntries(new URLSearchParams(text)) satisfies Fields
  }
  if (type === 'text/csv') return { [wrapper]: decodeTable(text) }
  try {
    return JSON.parse(text, withoutPrototypes)
  } catch {
    throw new WireError(400, 'Invalid or malformed JSON.')
  }
}

/** Names that would reach beyond the object are left out, as Fastify's own parser refuses them. */
const withoutPrototypes = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

/** The first row names the fields. */
const decodeTable = (text: string): Fields[] => {
  try {
    return parseCsv(text, { columns: true, skip_empty_lines: true, bom: true, trim: true }) as Fields[]
  } catch {
    throw new WireError(400, 'Invalid or malformed CSV.')
  }
}

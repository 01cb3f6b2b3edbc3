import { Liquid } from 'liquidjs'

/** What a template may be and cost: whoever may edit mails shall not be able to stop the server with one. */
const limits = { parseLimit: 500_000, renderLimit: 250, memoryLimit: 5_000_000 }

type Rendered = { text: string } | { fault: string }

/**
 * Fills templates: Liquid as Auth0's mails are written in, and `{placeholders}` as DreamFactory's are. A template
 * reaches no file and nothing but what it is given.
 */
export const createTemplates = () => {
  const options = {
    ...limits,
    ownPropertyOnly: true,
    strictFilters: true,
    cache: false,
    // Nothing can be included.
    templates: {},
    timezoneOffset: 0,
  }
  const engines = { html: new Liquid({ ...options, outputEscape: 'escape' }), text: new Liquid(options) }
  return {
    render: (source: string, variables: Readonly<Record<string, unknown>>, as: 'html' | 'text'): Rendered => {
      try {
        const text: unknown = engines[as].parseAndRenderSync(withPlaceholders(source, variables), variables)
        return { text: String(text) }
      } catch (error) {
        return { fault: ((error as Error).message.split('\n')[0] ?? '').slice(0, 300) }
      }
    },
    toPlainText,
  }
}

/**
 * Makes `{name}` an output like any other, so that what is filled in is escaped, and is never read as a template
 * itself. One that nothing is known of stays as it is: style sheets have braces too.
 */
const withPlaceholders = (source: string, variables: Readonly<Record<string, unknown>>): string =>
  source.replaceAll(
    /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{([A-Za-z_]\w*)\}/gu,
    (whole: string, name: string | undefined) =>
      name !== undefined && Object.hasOwn(variables, name) && isPlain(variables[name])
        ? `{{ ${name} }}`
        : whole,
  )

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#34': '"',
  '#39': "'",
  nbsp: ' ',
}

/** What a mail says to who reads no HTML: links with their address, a line for a block. */
const toPlainText = (html: string): string =>
  html
    .replaceAll(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/giu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)<\/a>/giu, (_whole, address: string, inner: string) =>
      inner.trim() === address.trim() ? address : `${inner} ${address}`,
    )
    .replaceAll(/<br\s*\/?>/giu, '\n')
    .replaceAll(/<\/(?:p|div|h[1-6]|li|tr|table)\s*>/giu, '\n\n')
    .replaceAll(/<[^>]*>/gu, '')
    .replaceAll(/&(#?\w+);/gu, (whole, name: string) => entities[name] ?? whole)
    .replaceAll(/[ \t]*\n[ \t]*/gu, '\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim()

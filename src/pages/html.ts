/**
 * Templates as tagged literals: whatever is put in is escaped, so that no page can forget it; only what is a piece of
 * HTML already stays as it is. A template language would be read while the server runs, with its own rules for what is
 * escaped, and without types for what a page needs; this is all that the pages ask for.
 *
 * NOTE: attributes are always quoted. Nothing is ever put inside `<script>` or `<style>` this way.
 */
export type Html = { readonly html: string }

type Part = string | number | Html | readonly Part[] | undefined | null | false

export const html = (literals: TemplateStringsArray, ...parts: Part[]): Html => {
  let text = literals[0]!
  parts.forEach((part, at) => {
    text += render(part) + literals[at + 1]!
  })
  return { html: text }
}

/** Text that is HTML of our own making. */
export const trusted = (text: string): Html => ({ html: text })

const render = (part: Part): string => {
  if (part === undefined || part === null || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if ('html' in part) return part.html
  return part.map(render).join('')
}

const characters: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/gu, (each) => characters[each]!)

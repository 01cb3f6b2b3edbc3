import type { Brand } from './brand.ts'
import { type Html, html, trusted } from './html.ts'
import { styleSheet } from './style.ts'
import type { Language, Texts } from './texts.ts'

/** What every page needs to know. */
export type Setting = {
  brand: Brand
  language: Language
  texts: Texts
  /** For the one style sheet, and for scripts where a page has any; new for each answer. */
  nonce: string
}

export type Page = {
  title: string
  /** Beneath the title. */
  lead?: string | Html | undefined
  body: Html
}

export const layout = ({ brand, language, nonce }: Setting, { title, lead, body }: Page): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title} · ${brand.name}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${trusted(styleSheet(brand))}</style>
</head>
<body>
<main>
<header>
${mark(brand)}
<h1>${title}</h1>
${lead !== undefined && html`<p>${lead}</p>`}
</header>
${body}
</main>
</body>
</html>
`.html

const mark = ({ logoUrl, name }: Brand): Html =>
  logoUrl === undefined
    ? html`<div class="mark"><i aria-hidden="true">${name.trim().slice(0, 1).toUpperCase()}</i>${name}</div>`
    : html`<img class="logo" src="${logoUrl}" alt="${name}">`

/** Says what went wrong, first of all that is read. */
export const alert = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="note bad" role="alert">${text}</p>`

export const notice = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="note good" role="status">${text}</p>`

export type Field = {
  name: string
  label: string
  type?: 'text' | 'email' | 'password' | 'tel'
  value?: string | undefined
  autocomplete?: string
  inputmode?: 'numeric' | 'email' | 'text'
  required?: boolean
  autofocus?: boolean
  hint?: string | undefined
  fault?: string | undefined
  maxlength?: number
  /** Beside the label. */
  aside?: Html | undefined
}

export const field = (given: Field): Html => {
  const { name, label, type = 'text', value, autocomplete = 'off', inputmode, hint, fault, aside } = given
  const described = [hint !== undefined && `${name}-hint`, fault !== undefined && `${name}-fault`].filter(
    (each) => each !== false,
  )
  return html`<div class="field">
${aside === undefined ? html`<label for="${name}">${label}</label>` : html`<div class="row"><label for="${name}">${label}</label>${aside}</div>`}
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${given.maxlength ?? 320}"${value !== undefined && html` value="${value}"`}${inputmode !== undefined && html` inputmode="${inputmode}"`}${(given.required ?? true) && html` required`}${given.autofocus && html` autofocus`}${fault !== undefined && html` aria-invalid="true"`}${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}${type !== 'password' && html` spellcheck="false" autocapitalize="none"`}>
${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${fault !== undefined && html`<p class="fault" id="${name}-fault">${fault}</p>`}
</div>`
}

export const hidden = (fields: Readonly<Record<string, string | undefined>>): Html[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`],
  )

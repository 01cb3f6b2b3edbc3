import { type Html, html } from './html.ts'
import { alert, field, hidden, layout, notice, type Setting } from './layout.ts'
import type { Bound } from './sign-in.ts'
import { fill } from './texts.ts'

/** A page that says one thing, and perhaps leads on. */
export const messagePage = (
  setting: Setting,
  {
    title,
    text,
    link,
    technical,
  }: {
    title: string
    text: string
    link?: { href: string; label: string } | undefined
    technical?: string | undefined
  },
): string =>
  layout(setting, {
    title,
    body: html`<p>${text}</p>
${link && html`<a class="button" href="${link.href}">${link.label}</a>`}
${technical !== undefined && html`<details open><summary>${setting.texts.technical}</summary><code>${technical}</code></details>`}`,
  })

/** A page with one question, answered by a button. */
export const questionPage = (
  setting: Setting,
  question: {
    title: string
    text: string
    action: string
    fields: Readonly<Record<string, string | undefined>>
    yes: { label: string; name?: string; value?: string }
    no?: { label: string; name: string; value: string } | undefined
    /** Shown large, to compare. */
    code?: string | undefined
    fault?: string | undefined
  },
): string => {
  const { yes, no } = question
  return layout(setting, {
    title: question.title,
    lead: question.text,
    body: html`${alert(question.fault)}
${question.code !== undefined && html`<p class="big">${question.code}</p>`}
<form method="post" action="${question.action}">
${hidden(question.fields)}
<button type="submit"${yes.name !== undefined && html` name="${yes.name}" value="${yes.value ?? 'yes'}"`}>${yes.label}</button>
${no && html`<button class="second" type="submit" name="${no.name}" value="${no.value}">${no.label}</button>`}
</form>`,
  })
}

/** An address to send something to: a link for a new password unless it says otherwise. */
export const forgotPage = (
  setting: Setting,
  page: {
    title?: string
    lead?: string
    action?: string
    button?: string
    fields: Readonly<Record<string, string | undefined>>
    email?: string | undefined
    fault?: string | undefined
    back?: string | undefined
  },
): string => {
  const { texts } = setting
  return layout(setting, {
    title: page.title ?? texts.forgotTitle,
    lead: page.lead ?? texts.forgotLead,
    body: html`${alert(page.fault)}
<form method="post" action="${page.action ?? '/u/forgot'}">
${hidden(page.fields)}
${field({ name: 'email', label: texts.email, type: 'email', value: page.email, autocomplete: 'email', autofocus: true })}
<button type="submit">${page.button ?? texts.sendLink}</button>
</form>
${page.back && html`<p class="links"><a href="${page.back}">${texts.back}</a></p>`}`,
  })
}

export const resetPage = (
  setting: Setting,
  page: {
    ticket: string
    fault?: string | undefined
    passwordFault?: string | undefined
  },
): string => {
  const { texts } = setting
  return layout(setting, {
    title: texts.resetTitle,
    body: html`${alert(page.fault)}
<form method="post" action="/lo/reset">
${hidden({ ticket: page.ticket })}
${field({
  name: 'password',
  label: texts.newPassword,
  type: 'password',
  autocomplete: 'new-password',
  hint: texts.passwordHint,
  fault: page.passwordFault,
  autofocus: true,
  maxlength: 1000,
})}
${field({ name: 'repeated', label: texts.repeatPassword, type: 'password', autocomplete: 'new-password', maxlength: 1000 })}
<button type="submit">${texts.savePassword}</button>
</form>`,
  })
}

export type CodePage = {
  title: string
  lead: string
  action: string
  fields: Readonly<Record<string, string | undefined>>
  label: string
  name: string
  isNumeric: boolean
  value?: string | undefined
  fault?: string | undefined
  message?: string | undefined
  links: readonly { href: string; label: string }[]
  /** After the form. */
  more?: Html | undefined
}

/** One code to type. */
export const codePage = (setting: Setting, page: CodePage): string =>
  layout(setting, {
    title: page.title,
    lead: page.lead,
    body: html`${notice(page.message)}${alert(page.fault)}
<form method="post" action="${page.action}" class="code">
${hidden(page.fields)}
${field({
  name: page.name,
  label: page.label,
  value: page.value,
  autocomplete: 'one-time-code',
  inputmode: page.isNumeric ? 'numeric' : 'text',
  autofocus: true,
  maxlength: 40,
})}
<button type="submit">${setting.texts.continue}</button>
</form>
${page.more}
${page.links.map(({ href, label }) => html`<p class="links"><a href="${href}">${label}</a></p>`)}`,
  })

export const consentPage = (
  setting: Setting,
  page: Bound & { application: string; scopes: readonly string[]; user: string },
): string => {
  const { texts } = setting
  const { application, state, csrf } = page
  return layout(setting, {
    title: fill(texts.consentTitle, { application }),
    lead: fill(texts.consentLead, { application }),
    body: html`<ul class="scopes">${page.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
<form method="post" action="/u/consent">
${hidden({ state, csrf })}
<button type="submit" name="answer" value="yes">${texts.consentAccept}</button>
<button class="second" type="submit" name="answer" value="no">${texts.consentDeny}</button>
</form>
<p class="links">${fill(texts.signedInAs, { user: page.user })}</p>`,
  })
}

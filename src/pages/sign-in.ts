import { type Html, html } from './html.ts'
import { alert, field, hidden, layout, notice, type Setting } from './layout.ts'
import { fill } from './texts.ts'

/** What binds a form to the browser and to what it was opened for. */
export type Bound = { state: string; csrf: string }

export type SignInPage = Bound & {
  application: string | undefined
  login?: string | undefined
  fault?: string | undefined
  message?: string | undefined
  links: { signUp?: string | undefined; forgot: string; emailCode?: string | undefined }
  /** Another way in, by passkey. */
  passkey?: Html | undefined
}

export const signInPage = (setting: Setting, page: SignInPage): string => {
  const { texts } = setting
  const { application, login, links, state, csrf } = page
  return layout(setting, {
    title: texts.signIn,
    lead: application && fill(texts.signInTo, { application }),
    body: html`${alert(page.fault)}${notice(page.message)}
<form method="post" action="/u/login">
${hidden({ state, csrf })}
${field({ name: 'login', label: texts.emailOrUsername, value: login, autocomplete: 'username', inputmode: 'email', autofocus: login === undefined })}
${field({
  name: 'password',
  label: texts.password,
  type: 'password',
  autocomplete: 'current-password',
  autofocus: login !== undefined,
  maxlength: 1000,
  aside: html`<a href="${links.forgot}">${texts.forgotPassword}</a>`,
})}
<button type="submit">${texts.continue}</button>
</form>
${links.emailCode && html`<p class="or">${texts.or}</p><a class="button second" href="${links.emailCode}">${texts.byEmailCode}</a>`}
${page.passkey}
${links.signUp && html`<p class="links">${texts.noAccount} <a href="${links.signUp}">${texts.signUp}</a></p>`}`,
  })
}

export type SelectableRole = { id: string; name: string; description: string; needsApproval: boolean }

export type SignUpPage = Bound & {
  application: string | undefined
  values: Readonly<Record<string, string | undefined>>
  fault?: string | undefined
  fieldFaults: Readonly<Record<string, string | undefined>>
  roles: readonly SelectableRole[]
  links: { signIn: string }
  /** Where the form goes; an invitation's goes elsewhere. */
  action?: string
}

export const signUpPage = (setting: Setting, page: SignUpPage): string => {
  const { texts } = setting
  const { application, values, fieldFaults, links, state, csrf } = page
  return layout(setting, {
    title: texts.signUpTitle,
    lead: application && fill(texts.signInTo, { application }),
    body: html`${alert(page.fault)}
<form method="post" action="${page.action ?? '/u/signup'}">
${hidden({ state, csrf })}
${field({ name: 'email', label: texts.email, type: 'email', value: values.email, autocomplete: 'email', autofocus: true, fault: fieldFaults.email })}
${field({ name: 'name', label: `${texts.name} ${texts.optional}`, value: values.name, autocomplete: 'name', required: false, maxlength: 300 })}
${field({
  name: 'password',
  label: texts.password,
  type: 'password',
  autocomplete: 'new-password',
  hint: texts.passwordHint,
  fault: fieldFaults.password,
  maxlength: 1000,
})}
${page.roles.length > 0 && roleChoice(setting, page.roles, values.role)}
<button type="submit">${texts.signUp}</button>
</form>
<p class="links">${texts.haveAccount} <a href="${links.signIn}">${texts.signIn}</a></p>`,
  })
}

const roleChoice = (
  { texts }: Setting,
  roles: readonly SelectableRole[],
  chosen: string | undefined,
): Html => html`<fieldset>
<legend>${texts.chooseRole}</legend>
<label class="choice"><input type="radio" name="role" value=""${!chosen && html` checked`}><span>${texts.chooseNoRole}</span></label>
${roles.map(
  ({ id, name, description, needsApproval }) =>
    html`<label class="choice"><input type="radio" name="role" value="${id}"${chosen === id && html` checked`}><span><b>${name}</b>${description !== '' && html`<small class="hint">${description}</small>`}${needsApproval && html`<small class="hint">${texts.roleNeedsApproval}</small>`}</span></label>`,
)}
</fieldset>`

export type InvitationPage = {
  action: string
  fields: Readonly<Record<string, string | undefined>>
  inviter: string
  organization?: string | undefined
  message?: string | undefined
  email: string
  /** Signs in with it; others choose a password. */
  hasAccount: boolean
  name?: string | undefined
  fault?: string | undefined
  passwordFault?: string | undefined
}

export const invitationPage = (setting: Setting, page: InvitationPage): string => {
  const { texts } = setting
  const { inviter, organization, email, hasAccount } = page
  return layout(setting, {
    title: inviter === '' ? texts.invitationTitlePlain : fill(texts.invitationTitle, { inviter }),
    lead: organization
      ? fill(texts.invitationLead, { organization, email })
      : fill(texts.invitationLeadPlain, { email }),
    body: html`${alert(page.fault)}
${page.message !== undefined && html`<blockquote>${page.message}</blockquote>`}
<form method="post" action="${page.action}">
${hidden(page.fields)}
<input type="hidden" name="email" value="${email}" autocomplete="username">
${!hasAccount && field({ name: 'name', label: `${texts.name} ${texts.optional}`, value: page.name, autocomplete: 'name', required: false, maxlength: 300 })}
${field({
  name: 'password',
  label: texts.password,
  type: 'password',
  autocomplete: hasAccount ? 'current-password' : 'new-password',
  hint: hasAccount ? undefined : texts.passwordHint,
  fault: page.passwordFault,
  autofocus: true,
  maxlength: 1000,
})}
<button type="submit">${texts.accept}</button>
</form>`,
  })
}

import { type Html, html, trusted } from './html.ts'
import { alert, field, hidden, layout, type Setting } from './layout.ts'
import type { Bound } from './sign-in.ts'

/** To be read by an app, or typed into it, and its first code. */
export const enrolPage = (
  setting: Setting,
  page: Bound & { factor: string; secret: string; image: string; fault?: string | undefined },
): string => {
  const { texts } = setting
  const { state, csrf, factor, secret, image } = page
  return layout(setting, {
    title: texts.enrolTitle,
    lead: texts.enrolLead,
    body: html`${alert(page.fault)}
<img class="qr" src="${image}" alt="${texts.enrolImage}" width="200" height="200">
<p class="hint">${texts.enrolByHand} <code>${(secret.match(/.{1,4}/gu) ?? []).join(' ')}</code></p>
<form method="post" action="/u/enrol" class="code">
${hidden({ state, csrf, factor })}
${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: 10 })}
<button type="submit">${texts.continue}</button>
</form>`,
  })
}

export const recoveryCodesPage = (
  setting: Setting,
  { codes, next }: { codes: readonly string[]; next: string },
): string =>
  layout(setting, {
    title: setting.texts.recoveryCodesTitle,
    lead: setting.texts.recoveryCodesLead,
    body: html`<ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<a class="button" href="${next}">${setting.texts.recoveryCodesKept}</a>`,
  })

/** The one thing here that needs JavaScript: without it the button is not there. */
export const passkeyForm = (
  { texts, nonce }: Setting,
  { state, csrf, action, second }: Bound & { action: string; second: boolean },
): Html => html`<div id="passkey" hidden>
<p class="or">${texts.or}</p>
<p class="note bad" role="alert" id="passkey-fault" hidden>${texts.passkeyFailed}</p>
<form method="post" action="${action}" id="passkey-form">
${hidden({ state, csrf, ...(second && { second: 'yes' }) })}
<input type="hidden" name="response" value="">
<button class="second" type="button" id="passkey-button">${texts.usePasskey}</button>
</form>
</div>
<script nonce="${nonce}">${trusted(script)}</script>`

const script = `
(() => {
  const ask = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON
  if (!ask) return
  const part = (name) => document.getElementById(name)
  part('passkey').hidden = false
  part('passkey-button').addEventListener('click', async () => {
    const form = part('passkey-form')
    part('passkey-fault').hidden = true
    try {
      const body = new URLSearchParams(new FormData(form))
      const answer = await fetch('/u/passkey/options', { method: 'POST', body })
      if (!answer.ok) throw new Error('refused')
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json())
      const credential = await navigator.credentials.get({ publicKey })
      form.elements.response.value = JSON.stringify(credential.toJSON())
      form.submit()
    } catch {
      part('passkey-fault').hidden = false
    }
  })
})()
`

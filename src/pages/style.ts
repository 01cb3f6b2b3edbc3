import { type Brand, inkOn, readableOn } from './brand.ts'

const light = { page: '#f4f5f9', card: '#ffffff' }
const dark = { page: '#101218', card: '#191c25' }

/** The whole style of the pages; one sheet, sent within each, so that nothing else has to be loaded. */
export const styleSheet = ({ color }: Pick<Brand, 'color'>): string => `
:root { color-scheme: light dark; --brand: ${color}; --on-brand: ${inkOn(color)}; --link: ${readableOn(color, light.card)};
  --page: ${light.page}; --card: ${light.card}; --ink: #1a1d29; --soft: #565d73; --line: #858ca3; --rule: #e3e6ef;
  --bad: #b3261e; --bad-back: #fdeceb; --good: #146c43; --good-back: #e7f6ee; }
@media (prefers-color-scheme: dark) { :root { --link: ${readableOn(color, dark.card)}; --page: ${dark.page};
  --card: ${dark.card}; --ink: #eceef5; --soft: #a9b0c4; --line: #79819a; --rule: #2c3140; --bad: #ffb4ab;
  --bad-back: #3a1c1b; --good: #8fd9b1; --good-back: #14301f; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--ink); display: flex; flex-direction: column;
  align-items: center; justify-content: center; padding: 2rem 1rem;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body::before { content: ""; position: fixed; inset: 0 0 auto; height: 4px; background: var(--brand); }
main { width: 100%; max-width: 25.5rem; background: var(--card); border: 1px solid var(--rule); border-radius: 1rem;
  padding: 2.25rem 2rem; box-shadow: 0 1px 2px rgb(16 18 24 / 5%), 0 12px 40px rgb(16 18 24 / 9%); }
header { text-align: center; margin-bottom: 1.75rem; }
.mark { display: inline-flex; align-items: center; gap: .6rem; font-weight: 650; font-size: 1.05rem; letter-spacing: -.01em;
  margin-bottom: 1.4rem; }
.mark i { width: 2rem; height: 2rem; border-radius: .6rem; background: var(--brand); color: var(--on-brand);
  display: grid; place-items: center; font-style: normal; font-weight: 700; }
.logo { display: block; max-height: 3rem; max-width: 12rem; margin: 0 auto 1.4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.02em; margin: 0 0 .4rem; font-weight: 680; text-wrap: balance; }
header p, .hint { color: var(--soft); margin: 0; }
p { margin: 0 0 1rem; }
form { display: grid; gap: 1.1rem; margin: 0; }
form + form, form + .links, .stack > * + * { margin-top: 1rem; }
.field { display: grid; gap: .35rem; }
label, legend { font-weight: 560; font-size: .93rem; padding: 0; }
.row { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.hint { font-size: .875rem; }
input:not([type=checkbox], [type=radio]), select { font: inherit; color: inherit; background: transparent; width: 100%;
  min-height: 2.9rem; padding: .5rem .85rem; border: 1px solid var(--line); border-radius: .6rem; }
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.code input { font-size: 1.5rem; letter-spacing: .35em; text-align: center; font-variant-numeric: tabular-nums; }
.big { font-size: 1.75rem; font-weight: 700; letter-spacing: .12em; text-align: center; margin: 1rem 0;
  font-variant-numeric: tabular-nums; }
button, .button { font: inherit; font-weight: 600; min-height: 2.9rem; padding: .5rem 1rem; border-radius: .6rem; width: 100%;
  border: 1px solid transparent; background: var(--brand); color: var(--on-brand); cursor: pointer; text-align: center;
  text-decoration: none; display: inline-flex; align-items: center; justify-content: center; }
button:hover, .button:hover { filter: brightness(1.07); }
button.second, .button.second { background: transparent; color: var(--ink); border-color: var(--line); }
button.plain { background: none; border: 0; color: var(--link); width: auto; min-height: 0; padding: 0; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
a { color: var(--link); }
.links { text-align: center; color: var(--soft); font-size: .95rem; margin: 1.4rem 0 0; }
.note { border-radius: .6rem; padding: .75rem .9rem; margin: 0 0 1.25rem; font-size: .95rem; border-inline-start: 4px solid; }
.bad { background: var(--bad-back); color: var(--bad); }
.good { background: var(--good-back); color: var(--good); }
.fault { color: var(--bad); font-size: .875rem; margin: 0; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: .5rem; }
fieldset legend { margin-bottom: .4rem; }
.choice { display: flex; gap: .7rem; align-items: flex-start; border: 1px solid var(--line); border-radius: .6rem;
  padding: .7rem .85rem; font-weight: 400; cursor: pointer; }
.choice:has(:checked) { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.choice input { margin: .2rem 0 0; width: 1.15rem; height: 1.15rem; accent-color: var(--link); flex: none; }
.choice span { display: grid; }
.choice b { font-weight: 560; }
ul.scopes { list-style: none; margin: 0 0 1.5rem; padding: 0; border-block: 1px solid var(--rule); }
ul.scopes li { padding: .65rem 0 .65rem 1.8rem; position: relative; }
ul.scopes li + li { border-top: 1px solid var(--rule); }
ul.scopes li::before { content: "✓"; position: absolute; left: .25rem; color: var(--link); font-weight: 700; }
.or { display: flex; align-items: center; gap: .8rem; color: var(--soft); font-size: .875rem; margin: 1.25rem 0; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--rule); }
footer { margin-top: 1.25rem; font-size: .85rem; color: var(--soft); text-align: center; }
footer a { color: inherit; }
.qr { display: block; margin: 0 auto 1rem; border-radius: .5rem; background: #fff; }
ul.codes { columns: 2; list-style: none; padding: 0; margin: 0 0 1.5rem; text-align: center; line-height: 2; }
blockquote { margin: 0 0 1.25rem; padding: .25rem 0 .25rem 1rem; border-inline-start: 3px solid var(--rule); color: var(--soft);
  white-space: pre-line; }
details { font-size: .875rem; color: var(--soft); margin-top: 1rem; }
code { font-family: ui-monospace, "SF Mono", Menlo, monospace; overflow-wrap: anywhere; }
@media (max-width: 30rem) { body { padding: 1rem .75rem; justify-content: flex-start; padding-top: 2rem; } main { padding: 1.75rem 1.25rem; } }
@media (forced-colors: active) { main, button, .button { border: 1px solid; } }
@media print { body { background: none; } main { box-shadow: none; } }
`

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { declared, type Member } from './declarations.ts'

/** What follows `event.` and `api.`, as the declarations say for the functions that the script exports. */
export const completionsFrom = (declarations: string) => {
  const types = declared(declarations)
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.matchBefore(/[\w$]+(?:\??\.[\w$]*)*/u)
    if (!before || (before.from === before.to && !context.explicit)) return null
    const steps = before.text.split(/\??\./u)
    const typed = steps.pop() ?? ''
    const roots = rootsOf(types, context.state.doc.toString())
    const members = steps.reduce<readonly Member[]>(
      (among, step) => among.find(({ name }) => name === step)?.members ?? [],
      roots,
    )
    if (members.length === 0) return null
    return { from: before.to - typed.length, options: members.map(optionOf), validFor: /^[\w$]*$/u }
  }
}

const rootsOf = (types: ReadonlyMap<string, readonly Member[]>, code: string): Member[] => {
  const globals = ['event', 'platform'].flatMap((name) => {
    const members = types.get(name)
    return members ? [{ name, detail: '', members, isMethod: false }] : []
  })
  if (globals.length > 0) return globals
  const handler = /\bon(?:Execute|Continue)(\w+)/u.exec(code)?.[1]
  const event = types.get(`${handler}Event`) ?? types.get('AnyEvent') ?? []
  const api = types.get(`${handler}Api`) ?? []
  return [
    { name: 'event', detail: '', members: event, isMethod: false },
    { name: 'api', detail: '', members: api, isMethod: false },
  ]
}

const optionOf = ({ name, detail, isMethod }: Member): Completion => ({
  label: name,
  detail,
  type: isMethod ? 'function' : 'property',
  ...(isMethod && { apply: `${name}(` }),
})

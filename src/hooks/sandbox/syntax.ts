import { Script } from 'node:vm'

export type SyntaxFault = { message: string; line: number }

/** Why code can't be compiled as a function's body, and where. Nothing of it runs. */
export const findSyntaxFault = (code: string): SyntaxFault | undefined => {
  try {
    new Script(`(function () {${code}\n})`, { filename: 'hook.js' })
    return undefined
  } catch (error) {
    const { message, stack = '' } = error as Error
    return { message, line: Number(/^hook\.js:(\d+)/u.exec(stack)?.[1] ?? 1) }
  }
}

import { inspect } from 'node:util'

const textLimit = 8_192

/** What a script threw, as plain data. Anything can be thrown: texts, objects with traps, nothing at all. */
export const describeThrown = (
  thrown: unknown,
): { message: string; stack?: string; status?: number; code?: string | number } => {
  try {
    if (typeof thrown !== 'object' || thrown === null) return { message: clip(String(thrown)) }
    const { message, stack, status_code, statusCode, status, code } = thrown as Record<string, unknown>
    const asked = [status_code, statusCode, status].find(
      (each) => typeof each === 'number' && Number.isInteger(each) && each >= 400 && each <= 599,
    ) as number | undefined
    return {
      message: clip(typeof message === 'string' && message !== '' ? message : inspect(thrown)),
      ...(typeof stack === 'string' && { stack: clip(ownLines(stack)) }),
      ...(asked !== undefined && { status: asked }),
      ...((typeof code === 'string' || typeof code === 'number') && {
        code: typeof code === 'string' ? clip(code) : code,
      }),
    }
  } catch {
    return { message: 'The script threw something that can not be read' }
  }
}

/** Without the lines that are ours: a script's author can do nothing about them, and they name paths of the server. */
const ownLines = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => !line.includes('/src/hooks/') && !line.includes('ext:deno_node/vm.js'))
    .join('\n')
    .replaceAll(/file:\/\/\/[^\s)]*?\/node_modules\//gu, 'node_modules/')

const clip = (text: string): string => (text.length > textLimit ? `${text.slice(0, textLimit)}…` : text)

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
      message: clip(withoutPaths(typeof message === 'string' && message !== '' ? message : inspect(thrown))),
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

/** Without the lines that are ours: a script's author can do nothing about them. */
const ownLines = (stack: string): string =>
  withoutPaths(stack)
    .split('\n')
    .filter((line) => !/\/src\/hooks\/|ext:deno_node\/(?:vm|async_hooks)/u.test(line))
    .join('\n')

/** Where a bundle lies is the server's business. */
const withoutPaths = (text: string): string =>
  text.replaceAll(/(?:file:\/\/)?\/[^\s()]*?\/(?=node_modules\/|hook\.js)/gu, '')

const clip = (text: string): string => (text.length > textLimit ? `${text.slice(0, textLimit)}…` : text)

import type { JsonObject } from '../../../core/json.ts'

/**
 * The way out of the sandbox, and in. Lines of JSON on standard input and output; ours begin with a nonce that the
 * parent sends first, and that no script can learn: everything that touches it is taken from the runtime before any
 * foreign code is loaded, so that a script that replaces `JSON.stringify` or the prototype of arrays sees nothing.
 */
const uncurry = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call) as <
  This,
  Args extends unknown[],
  Result,
>(
  method: (this: This, ...args: Args) => Result,
) => (target: This, ...args: Args) => Result

const { parse, stringify } = JSON
const encode = TextEncoder.prototype.encode.bind(new TextEncoder())
const decode = TextDecoder.prototype.decode.bind(new TextDecoder())
const writeSync = Deno.stdout.writeSync.bind(Deno.stdout)
const read = Deno.stdin.read.bind(Deno.stdin)
const readSync = Deno.stdin.readSync.bind(Deno.stdin)
const subarray = uncurry(Uint8Array.prototype.subarray)
const lengthOf = uncurry(
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')!.get as (
    this: Uint8Array,
  ) => number,
)
const indexOf = uncurry(String.prototype.indexOf)
const slice = uncurry(String.prototype.slice)

let nonce = ''
let pending = ''
const block = new Uint8Array(65_536)
const { exit } = Deno

/** The parent's first line. */
export const receiveSetup = async <Setup extends { nonce: string }>(): Promise<Setup> => {
  const setup = (await receive()) as unknown as Setup
  nonce = setup.nonce
  setup.nonce = ''
  // The bytes that were read are still there, and others may get to see them.
  block.fill(0)
  return setup
}

/** Text as JSON has it; undefined for what JSON can't say. @throws for cycles and big integers */
export const toJson = (value: unknown): string | undefined => stringify(value)

/** `fields` is the inside of a JSON object. */
export const send = (fields: string): void => {
  const bytes = encode(`\n${nonce}{${fields}}\n`)
  const length = lengthOf(bytes)
  let at = writeSync(bytes)
  while (at < length) at += writeSync(subarray(bytes, at))
}

/** The next line from the parent. The process ends with its input: nobody would hear of its runs any more. */
export const receive = async (): Promise<JsonObject> => {
  for (;;) {
    const line = takeLine()
    if (line !== undefined) return parse(line)
    pending += text(await read(block))
  }
}

/** The same, while everything else in this process stands still. */
export const receiveSync = (): JsonObject => {
  for (;;) {
    const line = takeLine()
    if (line !== undefined) return parse(line)
    pending += text(readSync(block))
  }
}

const takeLine = (): string | undefined => {
  const end = indexOf(pending, '\n')
  if (end < 0) return undefined
  const line = slice(pending, 0, end)
  pending = slice(pending, end + 1)
  return line
}

const text = (length: number | null): string =>
  length === null ? exit(0) : decode(subarray(block, 0, length), { stream: true })

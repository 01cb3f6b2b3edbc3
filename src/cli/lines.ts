/** The lines of a stream of UTF-8. Unlike those of `node:readline`, they end with the error that the stream ends with. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield line.replace(/\r$/u, '')
  }
  if (rest !== '') yield rest
}

/** What a child writes on its standard output: frames that begin with the nonce, and whatever a script printed past us. */
export type FrameParts = {
  /** Only our own code inside knows it. */
  nonce: string
  /** A longer line is no line. */
  limitBytes: number
  onFrame(text: string): void
  /** A line that is none of ours. */
  onStray(text: string): void
  onFlood(): void
}

/** Cuts a stream of bytes into lines and tells ours from the script's. */
export const createFrameReader = ({ nonce, limitBytes, onFrame, onStray, onFlood }: FrameParts) => {
  let parts: Buffer[] = []
  let pending = 0
  const take = (line: string) => {
    // A script may have left half a line of its own in front of ours; each of ours begins on a new line.
    if (line.startsWith(nonce)) onFrame(line.slice(nonce.length))
    else if (line.length > 0) onStray(line)
  }
  return (chunk: Buffer): void => {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, end)
      const line = parts.length > 0 ? Buffer.concat([...parts, rest]).toString() : rest.toString()
      parts = []
      pending = 0
      from = end + 1
      if (line.length > limitBytes) onFlood()
      else take(line)
    }
    if (from === chunk.length) return
    parts.push(from === 0 ? chunk : chunk.subarray(from))
    pending += chunk.length - from
    if (pending > limitBytes) {
      parts = []
      pending = 0
      onFlood()
    }
  }
}

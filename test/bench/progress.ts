/** Tells how far the benchmark has come: one line that changes on a terminal, a line per step elsewhere. */
export type Tell = (step: string, done?: number, total?: number) => void

const width = 24

export const createTell = (output: NodeJS.WriteStream = process.stderr): Tell => {
  let shown: string | undefined
  return (step, done, total) => {
    if (output.isTTY) {
      const bar = done === undefined || total === undefined ? '' : ` ${drawn(done / total)}`
      output.write(`\r\x1b[K${step}${bar}`)
    } else if (step !== shown) output.write(`${step}\n`)
    shown = step
  }
}

const drawn = (share: number): string => {
  const full = Math.round(Math.min(1, share) * width)
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(Math.min(1, share) * 100)} %`
}

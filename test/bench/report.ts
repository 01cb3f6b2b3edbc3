import type { Machine } from './machine.ts'
import type { Comparison } from './measure.ts'
import type { Effort, Result } from './row.ts'

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

const times = (ratio: number): string => `${ratio.toFixed(2)} ×`

/** A row that asks for at least so many times the baseline. */
export const atLeast = (measure: string, target: number, compared: Comparison): Result => {
  const { ours, baseline, ratio, spread } = compared
  return {
    measure,
    target: `at least ${target} ×`,
    reached: times(ratio),
    isReached: ratio >= target,
    details: `${perSecond(ours)} against ${perSecond(baseline)}; rounds ${times(spread[0])} to ${times(spread[1])}`,
  }
}

const verdict = (result: Result): string => {
  if ('missing' in result) return `not measured: ${result.missing}`
  return result.isReached
    ? `reached: ${result.reached}`
    : `**not reached**: ${result.reached} of ${result.target.replace(/^(at least|at most|within) /u, '')}`
}

const details = (result: Result): string => ('missing' in result ? '' : result.details)

/** How far the slower is behind the faster. */
export const apart = (share: number): string => `${((1 - share) * 100).toFixed(1)} %`

export const printed = (results: readonly Result[]): string =>
  results
    .map((result) => {
      const lines = [result.measure, `    ${result.target}  →  ${verdict(result).replaceAll('**', '')}`]
      return [...lines, ...(details(result) ? [`    ${details(result)}`] : [])].join('\n')
    })
    .join('\n')

export const describe = ({ cpu, cores, memoryGib, fsyncMilliseconds, node, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGib} GiB, fsync ${fsyncMilliseconds.toFixed(2)} ms, Node ${node}, load average ${load.toFixed(1)} before the run`

/** The page that is committed. */
export const page = (machine: Machine, effort: Effort, results: readonly Result[]): string => `# Benchmarks

Written by \`npm run bench -- --write\`. Every ratio compares two things that ran in turns within this one run, ours and the
baseline, ${effort.rounds} rounds of ${effort.seconds} s each after a warm-up: what counts is the median of the rounds' ratios.
The load generator (autocannon) runs on the same machine and takes its share of it.

${describe(machine)}.

| measure | target | result | medians, and what varied |
|---|---|---|---|
${results.map((result) => `| ${result.measure} | ${result.target} | ${verdict(result)} | ${details(result)} |`).join('\n')}
`

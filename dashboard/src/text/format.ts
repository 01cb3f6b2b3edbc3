import { useMemo } from 'react'
import { type Language, useLanguage } from './language.tsx'

const formatsOf = (language: Language) => {
  const instant = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const number = new Intl.NumberFormat(language)
  return {
    instant: (at: string) => instant.format(new Date(at)),
    exact: (at: string) => exact.format(new Date(at)),
    day: (at: string | Date) => day.format(new Date(at)),
    number: (value: number) => number.format(value),
    /** `3 minutes ago`, `in 2 days`. */
    relative: (at: string, now = Date.now()) => {
      const seconds = Math.round((Date.parse(at) - now) / 1000)
      const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const)
      return relative.format(Math.trunc(seconds / size), unit)
    },
  }
}

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** Instants and numbers as the reader's language writes them. */
export const useFormat = () => {
  const { language } = useLanguage()
  return useMemo(() => formatsOf(language), [language])
}

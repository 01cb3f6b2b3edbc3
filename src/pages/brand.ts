import type { JsonObject } from '#core/json.ts'

/** What a team makes its own on the pages; settings named `branding`. */
export type Brand = {
  /** Shown where there is no logo, and in titles. */
  name: string
  /** An https address, or a path on this server. */
  logoUrl?: string
  /** `#rrggbb`, for buttons and links. */
  color: string
  /** Replaces texts of the pages, by language and name. */
  texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What is spoken to who speaks none of ours. */
  language: string
}

const plain: Brand = { name: 'Rolecall', color: '#3b5bdb', texts: {}, language: 'en' }

/** Settings are written by administrators, but what can't be used is passed over, so that people can still sign in. */
export const decodeBrand = (settings: JsonObject): Brand => {
  const { display_name: name, logo_url: logoUrl, primary_color: color, texts, language } = settings
  return {
    name: typeof name === 'string' && name.trim() !== '' ? name : plain.name,
    ...(typeof logoUrl === 'string' && isShowable(logoUrl) && { logoUrl }),
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/iu.test(color) ? color : plain.color,
    texts: decodeTexts(texts),
    language: language === 'de' ? 'de' : plain.language,
  }
}

const isShowable = (url: string): boolean =>
  /^https:\/\/[^\s"']+$/u.test(url) || /^\/[^/\\\s"'][^\s"']*$/u.test(url)

const decodeTexts = (value: unknown): Brand['texts'] => {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([language, texts]) =>
      typeof texts === 'object' && texts !== null
        ? [
            [
              language,
              Object.fromEntries(
                Object.entries(texts).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
              ),
            ],
          ]
        : [],
    ),
  )
}

/** Black or white, whichever is easier to read on the colour. @see WCAG 2.2, relative luminance */
export const inkOn = (color: string): '#ffffff' | '#000000' => {
  const bright = luminance(color)
  return 1.05 / (bright + 0.05) >= (bright + 0.05) / 0.05 ? '#ffffff' : '#000000'
}

const luminance = (color: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** The colour, lightened or darkened until it can be read as text on the background: 4.5 to 1. */
export const readableOn = (color: string, background: string): string => {
  const target = luminance(background) > 0.5 ? 0 : 255
  for (let step = 0; step <= 20; step += 1) {
    const mixed = mix(color, target, step / 20)
    if (contrast(mixed, background) >= 4.6) return mixed
  }
  return target === 0 ? '#000000' : '#ffffff'
}

export const contrast = (one: string, other: string): number => {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (lighter! + 0.05) / (darker! + 0.05)
}

const mix = (color: string, target: number, share: number): string =>
  `#${[1, 3, 5]
    .map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16)
      return Math.round(part + (target - part) * share)
        .toString(16)
        .padStart(2, '0')
    })
    .join('')}`

import Type from 'typebox'

/** Instants are ISO 8601 texts on the wire and milliseconds since 1970 everywhere else. */
export const Instant = Type.String({ format: 'date-time', description: 'An instant, as ISO 8601.' })

export const encodeInstant = (at: number): string => new Date(at).toISOString()

/** An optional instant as a member to spread: absent when there is none. */
export const instantAt = <Name extends string>(name: Name, at: number | undefined) =>
  (at === undefined ? {} : { [name]: encodeInstant(at) }) as { [Key in Name]?: string }

/** The schema has checked the text; a leap second counts as the second behind it, which Date can't read. */
export const decodeInstant = (text: string): number => {
  const at = Date.parse(text)
  return Number.isNaN(at) ? Date.parse(text.replace(/:60(?=\.|Z|[+-])/iu, ':59')) + 1000 : at
}

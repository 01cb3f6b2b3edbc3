import type { FastifyPluginAsync } from 'fastify'

const directory = '/avatars'

/** Where the picture of somebody without one is: his initials, drawn from the address alone. Starts with `/`. */
export const avatarPath = (name: string): string => `${directory}/${encodeURIComponent(initialsOf(name))}.svg`

/** The first letters of the first two words; of an e-mail address, of what stands before the `@`. */
const initialsOf = (name: string): string => {
  const words = name.replace(/@.*$/su, '').match(/[\p{L}\p{N}]+/gu) ?? []
  const letters = words.slice(0, 2).map((word) => [...word.toLowerCase()][0]!)
  return letters.length === 0 ? 'user' : letters.join('')
}

/**
 * Draws initials. Nothing is looked up, so that a picture needs no credential and tells nothing about anybody: the
 * address has all of it.
 */
export const avatarRoutes: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { file: string } }>(
    `${directory}/:file`,
    { config: { access: { anonymous: 'draws the letters in its own address' } }, schema: { hide: true } },
    async ({ params }, reply) => {
      const [, letters] = /^([\p{L}\p{N}]{1,2}|user)\.svg$/u.exec(params.file) ?? []
      if (letters === undefined) return reply.callNotFound()
      return reply
        .type('image/svg+xml')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(draw(letters))
    },
  )
}

/** Letters and digits only: nothing here can end an element. */
const draw = (letters: string): string => {
  const hue = [...letters].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7)
  const text = letters === 'user' ? '?' : letters.toUpperCase()
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" width="80" height="80"><rect width="80" height="80" fill="hsl(${hue} 45% 42%)"/><text x="40" y="41" fill="#fff" font-family="system-ui,sans-serif" font-size="32" text-anchor="middle" dominant-baseline="central">${text}</text></svg>`
}

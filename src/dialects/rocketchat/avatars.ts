import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

/** Dark enough for white letters on them to be read by everybody. */
const colours = ['#b71c1c', '#880e4f', '#4a148c', '#311b92', '#0d47a1', '#004d40', '#1b5e20', '#bf360c']

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first letters of the first two words of a name, as `anna.smith` is AS. */
const initialsOf = (name: string): string =>
  name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...letters.segment(word)][0]!.segment.toUpperCase())
    .join('') || '?'

const colourOf = (name: string): string => {
  let sum = 0
  for (const letter of name) sum = (sum + letter.codePointAt(0)!) % colours.length
  return colours[sum]!
}

const pictureOf = (name: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="${colourOf(name)}"/><text x="50%" y="50%" dy="0.36em" text-anchor="middle" fill="#ffffff" font-family="Helvetica, Arial, sans-serif" font-size="${initialsOf(name).length > 1 ? 90 : 125}">${initialsOf(name)}</text></svg>`

/**
 * The address that `avatarUrl` of a user names. Drawn from the name in the address alone, so that it tells nobody
 * whether there is such a user.
 */
export const avatarRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/avatar/:name',
    {
      config: { access: { anonymous: 'a picture of the letters in its own address' } },
      schema: {
        hide: true,
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }),
      },
    },
    async ({ params }, reply) =>
      reply
        .headers({
          'content-type': 'image/svg+xml; charset=utf-8',
          'cache-control': 'public, max-age=86400',
          'content-security-policy': "default-src 'none'",
          'x-content-type-options': 'nosniff',
        })
        .send(pictureOf(params.name)),
  )
}

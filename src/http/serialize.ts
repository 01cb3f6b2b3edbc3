import fastJsonStringify from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'

type Serializer = (value: unknown) => string
type Schema = Parameters<typeof fastJsonStringify>[0]

/**
 * Response schemas are an allow-list: what nobody declared is not sent. An answer that is either an array or an object
 * (`anyOf` of just these two) is told apart by looking, where the library would validate both.
 */
export const serializerCompiler: Parameters<FastifyInstance['setSerializerCompiler']>[0] = ({ schema }) => {
  const [list, envelope, more] = (schema as { anyOf?: { type?: string }[] }).anyOf ?? []
  if (list?.type !== 'array' || envelope?.type !== 'object' || more) return compile(schema)
  const [writeList, writeEnvelope] = [compile(list), compile(envelope)]
  return (value) => (Array.isArray(value) ? writeList(value) : writeEnvelope(value))
}

/** When the first answer needs it, as what validates requests is. */
const compile = (schema: unknown): Serializer => {
  let write: Serializer | undefined
  return (value) => {
    write ??= fastJsonStringify(schema as Schema) as Serializer
    return write(value)
  }
}

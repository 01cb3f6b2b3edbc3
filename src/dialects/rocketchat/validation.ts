import Ajv from 'ajv'
import type { FastifyInstance } from 'fastify'
import { onFirstUse } from '#http/validate.ts'

/**
 * Values are converted where that loses nothing, and the first fault is told alone, as the vendor's server does it: its
 * clients read Ajv's own words. A query has only text, so that one value may stand for a list of one there.
 */
const options = { allErrors: false, useDefaults: true, removeAdditional: false, strict: false } as const
const forBodies = new Ajv.default({ ...options, coerceTypes: true })
const forQueries = new Ajv.default({ ...options, coerceTypes: 'array' })

export const validatorCompiler: Parameters<FastifyInstance['setValidatorCompiler']>[0] = ({
  schema,
  httpPart,
}) => onFirstUse(() => (httpPart === 'body' ? forBodies : forQueries).compile(schema as object))

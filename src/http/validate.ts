import Ajv, { type Format, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

type Compiler = Parameters<FastifyInstance['setValidatorCompiler']>[0]

/**
 * Compiles a schema when the first request needs it. There are some two thousand, most of which no request meets for
 * hours: compiled ahead they are the greater part of a start.
 */
export const onFirstUse = (compile: () => ValidateFunction): ReturnType<Compiler> => {
  let compiled: ValidateFunction | undefined
  const validate: ReturnType<Compiler> & Pick<ValidateFunction, 'errors'> = (data: unknown) => {
    compiled ??= compile()
    const isValid = compiled(data)
    // Where the framework looks for what was wrong.
    validate.errors = compiled.errors ?? null
    return isValid
  }
  return validate
}

const options = { allErrors: false, useDefaults: true, removeAdditional: false, strict: false } as const

/** @param formats by name, beside those of JSON Schema: what a door calls its own ids, for instance */
export const createValidatorCompiler = (formats: Readonly<Record<string, Format>>): Compiler => {
  const create = (coerceTypes: false | 'array') => {
    const ajv = addFormats.default(new Ajv.default({ ...options, coerceTypes, verbose: true }))
    for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format)
    return ajv
  }
  // Bodies say what they mean: text is not a number. Query strings and paths are all text, so they are converted.
  const [strict, coercing] = [create(false), create('array')]
  return ({ schema, httpPart }) =>
    onFirstUse(() => (httpPart === 'body' ? strict : coercing).compile(schema as object))
}

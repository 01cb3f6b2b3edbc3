import Ajv from 'ajv'
import addFormats from 'ajv-formats'

/** What of JSON Schema the OpenAPI documents use. */
export type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  minItems?: number
}

const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: false, validateFormats: true }))
// A format of our own: any text will do here.
ajv.addFormat('user-id', true)

const compiled = new WeakMap<Schema, (value: unknown) => boolean>()

export const fits = (schema: Schema, value: unknown): boolean => {
  let validate = compiled.get(schema)
  if (!validate) {
    validate = ajv.compile(schema) as (value: unknown) => boolean
    compiled.set(schema, validate)
  }
  return validate(value)
}

const texts = [
  'sample',
  'sample@example.com',
  'https://sample.example.com/',
  '2126-01-01T00:00:00.000Z',
  'auth0|sample',
  'rol_sample',
  'con_abcdefghijklmnop',
  'org_abcdefghijklmnop',
  'workspace',
  '+4930123456',
  '1',
]

/** A value that fits the schema, as far as simple means find one; objects with every property they can have. */
export const sampleOf = (schema: Schema): unknown => {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sampleOf(schema.anyOf[0]!)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, sampleOf(property)]),
      )
    case 'array':
      return schema.items ? [sampleOf(schema.items)] : []
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return texts.find((text) => fits(schema, text)) ?? 'x'.repeat(schema.minLength ?? 1)
  }
}

const hostile = [
  null,
  true,
  7,
  -1.5,
  1e300,
  '',
  'text',
  [],
  [[]],
  [null],
  [7],
  {},
  { $ne: null },
  { length: 3 },
  'x'.repeat(70_000),
]

/** Values that a property of this schema must not be. */
export const misfitsOf = (schema: Schema): unknown[] => hostile.filter((value) => !fits(schema, value))

/** Text that no database of ours keeps. */
export const unstorable = ['NUL \u0000 inside', 'half \ud800 a pair']

export const takesText = (schema: Schema): boolean =>
  !schema.enum && (schema.type === 'string' || (schema.anyOf ?? []).some(takesText))

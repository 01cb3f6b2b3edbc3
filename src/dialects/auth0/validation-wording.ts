import type { ErrorObject } from 'ajv'

/** What of Fastify's error the wording needs. */
export type FailedValidation = { validation?: readonly Fault[]; validationContext?: string }

/** Ajv adds the failing value and its schema when it is made with `verbose`; without them the sentence says less. */
type Fault = Pick<ErrorObject, 'keyword' | 'instancePath' | 'params' | 'data' | 'parentSchema'>

const parts: Readonly<Record<string, readonly [prefix: string, errorCode: string]>> = {
  body: ['Payload', 'invalid_body'],
  params: ['Path', 'invalid_uri'],
  querystring: ['Query', 'invalid_query_string'],
  headers: ['Header', 'invalid_header'],
}

/**
 * Words a failed validation the vendor's way: `Payload validation error: 'Missing required property: roles'.`
 * Places inside arrays are written `users[3].email`. Values are cut at 100 characters; those of secrets are left out.
 * @see specs: §1.2 of the Auth0 dialect
 */
export const wordValidation = ({ validation = [], validationContext = 'body' }: FailedValidation) => {
  const [prefix, errorCode] = parts[validationContext] ?? parts.body!
  const { fault, description } = mainFault(validation)
  if (!fault) return { message: `${prefix} validation error.`, errorCode }
  const property = propertyOf(fault.instancePath)
  const where =
    property && ` on property ${clip(property)}${description === undefined ? '' : ` (${description})`}`
  return { message: `${prefix} validation error: '${wordFault(fault)}'${where}.`, errorCode }
}

type MainFault = { fault: Fault | undefined; description: string | undefined }

/**
 * Of the faults of a union, the one to tell: what is wrong with a value of the right type, or else that no
 * alternative fits. Ajv reports the union after the faults of its alternatives.
 */
const mainFault = (faults: readonly Fault[]): MainFault => {
  const union = faults.findLast(isUnion)
  if (!union) return { fault: faults[0], description: descriptionOf(faults[0]) }
  const alternatives = faults.filter((each) => each !== union && !isUnion(each))
  const telling = alternatives.find(({ keyword }) => keyword !== 'type' && keyword !== 'const')
  const description = descriptionOf(telling) ?? descriptionOf(union)
  if (telling) return { fault: telling, description }
  const here = alternatives.filter(({ instancePath }) => instancePath === union.instancePath)
  if (here.some(({ keyword }) => keyword === 'const'))
    return { fault: { ...union, keyword: 'enum' }, description }
  const type = here.map(({ params }) => String(params.type)).join(',')
  return { fault: type === '' ? union : { ...union, keyword: 'type', params: { type } }, description }
}

const isUnion = ({ keyword }: Fault): boolean => keyword === 'anyOf' || keyword === 'oneOf'

const descriptionOf = (fault: Fault | undefined): string | undefined => {
  const description: unknown = fault?.parentSchema?.description
  return typeof description === 'string' ? description : undefined
}

const wordFault = (fault: Fault): string => {
  const { keyword, params, data } = fault
  const word = words[keyword]
  return word ? word(params as Params, data, echo(fault)) : 'The value is not valid'
}

type Params = Readonly<Record<string, unknown>>

/** @param value `: ` and the failing value, or nothing when it may not be shown */
type Word = (params: Params, data: unknown, value: string) => string

const words: Readonly<Record<string, Word>> = {
  required: ({ missingProperty }) => `Missing required property: ${clip(String(missingProperty))}`,
  additionalProperties: ({ additionalProperty }) =>
    `Additional properties not allowed: ${clip(String(additionalProperty))}`,
  type: ({ type }, data) => `Expected type ${type} but found type ${typeOf(data)}`,
  format: ({ format }, _, value) => `Object didn't pass validation for format ${format}${value}`,
  pattern: ({ pattern }, _, value) => `String does not match pattern ${pattern}${value}`,
  enum: (_, __, value) => `No enum match${value && ` for${value}`}`,
  const: (_, __, value) => `No enum match${value && ` for${value}`}`,
  minItems: ({ limit }, data) => `Too few items (${count(data)}), minimum ${limit}`,
  maxItems: ({ limit }, data) => `Too many items (${count(data)}), maximum ${limit}`,
  uniqueItems: ({ i, j }) =>
    `Array items are not unique (indexes ${[i, j]
      .map(Number)
      .sort((a, b) => a - b)
      .join(' and ')})`,
  minLength: ({ limit }, data) => `String is too short (${count(data)} chars), minimum ${limit}`,
  maxLength: ({ limit }, data) => `String is too long (${count(data)} chars), maximum ${limit}`,
  minProperties: ({ limit }, data) => `Too few properties defined (${count(data)}), minimum ${limit}`,
  maxProperties: ({ limit }, data) => `Too many properties defined (${count(data)}), maximum ${limit}`,
  minimum: ({ limit }, _, value) => `Value${value.slice(1)} is less than minimum ${limit}`,
  maximum: ({ limit }, _, value) => `Value${value.slice(1)} is greater than maximum ${limit}`,
  exclusiveMinimum: ({ limit }, _, value) =>
    `Value${value.slice(1)} is equal or less than exclusive minimum ${limit}`,
  exclusiveMaximum: ({ limit }, _, value) =>
    `Value${value.slice(1)} is equal or greater than exclusive maximum ${limit}`,
  multipleOf: ({ multipleOf }, _, value) => `Value${value.slice(1)} is not a multiple of ${multipleOf}`,
  anyOf: () => "Data does not match any schemas from 'anyOf'",
  oneOf: ({ passingSchemas }) =>
    passingSchemas
      ? "Data is valid against more than one schema from 'oneOf'"
      : "Data does not match any schemas from 'oneOf'",
}

/** No body at all is what the vendor's JSON calls null. */
const typeOf = (data: unknown): string => {
  if (data === null || data === undefined) return 'null'
  if (Array.isArray(data)) return 'array'
  return typeof data === 'number' && Number.isInteger(data) ? 'integer' : typeof data
}

/** Lengths as JSON Schema counts them: code points, items, properties. */
const count = (data: unknown): number => {
  if (typeof data === 'string') return [...data].length
  return typeof data === 'object' && data !== null ? Object.keys(data).length : 0
}

/** `refresh_token` holds one, `token_dialect` does not. */
const secret = /password|secret|tokens?(?:\/|$)/iu

const echo = ({ instancePath, data }: Fault): string => {
  if (data === undefined || secret.test(instancePath)) return ''
  // An object may hold a secret at any depth.
  return `: ${typeof data === 'object' && data !== null ? typeOf(data) : clip(String(data))}`
}

const limitCharacters = 100

/** Cuts between characters, so that no half of a surrogate pair is left. */
const clip = (text: string): string => {
  if (text.length <= limitCharacters) return text
  const characters = [...text.slice(0, 2 * limitCharacters + 2)]
  return characters.length > limitCharacters
    ? `${characters.slice(0, limitCharacters - 1).join('')}…`
    : characters.join('')
}

/** `/users/3/email` as `users[3].email`. */
const propertyOf = (instancePath: string): string =>
  instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment, at) =>
      /^\d+$/u.test(segment) && at > 0 ? `[${segment}]` : at > 0 ? `.${segment}` : segment,
    )
    .join('')

import assert from 'node:assert/strict'
import { test } from 'node:test'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import fastify from 'fastify'
import Type from 'typebox'
import { wordValidation } from './validation-wording.ts'

const ajv = addFormats.default(new Ajv.default({ strict: false, verbose: true }))

const Body = Type.Object(
  {
    roles: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      description: 'List of roles IDs to associated with the user',
    }),
    email: Type.Optional(Type.String({ format: 'email', description: 'Email address of this user' })),
    reply_to: Type.Optional(
      Type.Union([Type.String({ format: 'email' }), Type.Null()], { description: 'Answers go here' }),
    ),
    given_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 5 })),
    phone_number: Type.Optional(Type.String({ pattern: '^\\+[0-9]{1,15}$' })),
    strategy: Type.Optional(Type.Union([Type.Literal('auth0'), Type.Literal('oidc')])),
    alg: Type.Optional(Type.Enum(['RS256', 'HS256'])),
    lifetime: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    ratio: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
    step: Type.Optional(Type.Integer({ multipleOf: 5 })),
    password: Type.Optional(Type.String({ pattern: '^[a-z]+$', format: 'email' })),
    client_secret: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    token_dialect: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    refresh_token: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    users: Type.Optional(
      Type.Array(
        Type.Object(
          { email: Type.String({ format: 'email', description: 'The address' }) },
          { additionalProperties: false },
        ),
      ),
    ),
    app_metadata: Type.Optional(Type.Object({}, { maxProperties: 1, additionalProperties: Type.String() })),
  },
  { additionalProperties: false },
)

const bodyFault = (body: unknown): string => {
  const validate = ajv.compile(Body)
  assert.equal(validate(body), false, 'the body is refused')
  return wordValidation({ validation: validate.errors!, validationContext: 'body' }).message
}

test('a fault of the body is worded as the vendor words it', () => {
  const roles = ['rol_a']
  const cases: [body: unknown, sentence: string][] = [
    [{}, `'Missing required property: roles'.`],
    [{ roles, foo: 1 }, `'Additional properties not allowed: foo'.`],
    [undefined, `'Expected type object but found type null'.`],
    [[], `'Expected type object but found type array'.`],
    [
      { roles: 'x' },
      `'Expected type array but found type string' on property roles (List of roles IDs to associated with the user).`,
    ],
    [
      { roles: [] },
      `'Too few items (0), minimum 1' on property roles (List of roles IDs to associated with the user).`,
    ],
    [
      { roles: ['a', 'b', 'c'] },
      `'Too many items (3), maximum 2' on property roles (List of roles IDs to associated with the user).`,
    ],
    [
      { roles: ['a', 'a'] },
      `'Array items are not unique (indexes 0 and 1)' on property roles (List of roles IDs to associated with the user).`,
    ],
    [{ roles: ['a', 5] }, `'Expected type string but found type integer' on property roles[1].`],
    [{ roles: [''] }, `'String is too short (0 chars), minimum 1' on property roles[0].`],
    [
      { roles, email: 'x' },
      `'Object didn't pass validation for format email: x' on property email (Email address of this user).`,
    ],
    [
      { roles, email: 0.5 },
      `'Expected type string but found type number' on property email (Email address of this user).`,
    ],
    [
      { roles, email: null },
      `'Expected type string but found type null' on property email (Email address of this user).`,
    ],
    [
      { roles, reply_to: 'x' },
      `'Object didn't pass validation for format email: x' on property reply_to (Answers go here).`,
    ],
    [
      { roles, given_name: true },
      `'Expected type string,null but found type boolean' on property given_name.`,
    ],
    [{ roles, name: '' }, `'String is too short (0 chars), minimum 1' on property name.`],
    [{ roles, name: '👩👩👩👩👩👩' }, `'String is too long (6 chars), maximum 5' on property name.`],
    [
      { roles, phone_number: '030' },
      `'String does not match pattern ^\\+[0-9]{1,15}$: 030' on property phone_number.`,
    ],
    [{ roles, strategy: 'saml' }, `'No enum match for: saml' on property strategy.`],
    [{ roles, alg: 'none' }, `'No enum match for: none' on property alg.`],
    [{ roles, alg: { secret: 's' } }, `'No enum match for: object' on property alg.`],
    [{ roles, lifetime: 0 }, `'Value 0 is less than minimum 1' on property lifetime.`],
    [{ roles, lifetime: 11 }, `'Value 11 is greater than maximum 10' on property lifetime.`],
    [{ roles, ratio: 0 }, `'Value 0 is equal or less than exclusive minimum 0' on property ratio.`],
    [{ roles, ratio: 1 }, `'Value 1 is equal or greater than exclusive maximum 1' on property ratio.`],
    [{ roles, step: 7 }, `'Value 7 is not a multiple of 5' on property step.`],
    [
      { roles, users: [{ email: 'a@b.c' }, { email: 'q' }] },
      `'Object didn't pass validation for format email: q' on property users[1].email (The address).`,
    ],
    [{ roles, users: [{}] }, `'Missing required property: email' on property users[0].`],
    [
      { roles, app_metadata: { a: 'b', c: 'd' } },
      `'Too many properties defined (2), maximum 1' on property app_metadata.`,
    ],
    [
      { roles, app_metadata: { 'a/b~c': 1 } },
      `'Expected type string but found type integer' on property app_metadata.a/b~c.`,
    ],
  ]
  for (const [body, sentence] of cases) assert.equal(bodyFault(body), `Payload validation error: ${sentence}`)
})

test('a setting of tokens is no secret', () => {
  assert.equal(
    bodyFault({ roles: ['rol_a'], token_dialect: 'klingon' }),
    "Payload validation error: 'No enum match for: klingon' on property token_dialect.",
  )
})

test('the value of a secret is never shown', () => {
  for (const secret of [
    { password: 'Hunter2!' },
    { client_secret: 'Hunter2!' },
    { refresh_token: 'Hunter2!' },
  ]) {
    const sentence = bodyFault({ roles: ['rol_a'], ...secret })
    assert.doesNotMatch(sentence, /Hunter2/)
    assert.match(sentence, new RegExp(`on property ${Object.keys(secret)[0]}`))
  }
  assert.equal(
    bodyFault({ roles: ['rol_a'], password: 'Hunter2!' }).replace(/ \^.*?'/, " …'"),
    "Payload validation error: 'String does not match pattern …' on property password.",
  )
})

test('at most 100 characters of what the client sent are shown, and no half of one', () => {
  const long = { maxLength: 400, minLength: 101, unit: 'grapheme' } as const
  fc.assert(
    fc.property(fc.string(long), (text) => {
      for (const body of [
        { roles: ['a'], alg: text },
        { roles: ['a'], [text]: 1 },
        { roles: ['a'], app_metadata: { [text]: 1 } },
      ]) {
        const sentence = bodyFault(body)
        assert.ok(sentence.isWellFormed())
        assert.ok([...sentence].length < 100 + 110, sentence)
      }
    }),
    { numRuns: 200 },
  )
  assert.match(bodyFault({ roles: ['a'], alg: '👩'.repeat(300) }), /for: (👩){99}…'/u)
  assert.match(bodyFault({ roles: ['a'], alg: '👩'.repeat(100) }), /for: (👩){100}'/u)
})

test('faults of path, query, body and headers differ in prefix and code, as Fastify reports them', async (t) => {
  const app = fastify()
  t.after(() => app.close())
  const coercing = addFormats.default(new Ajv.default({ strict: false, verbose: true, coerceTypes: 'array' }))
  app.setValidatorCompiler(({ schema }) => coercing.compile(schema as object))
  app.setErrorHandler((error: Parameters<typeof wordValidation>[0], _, reply) =>
    reply.send(wordValidation(error)),
  )
  const schema = {
    params: Type.Object({ id: Type.String({ pattern: '\\|', description: 'ID of the user.' }) }),
    querystring: Type.Object({
      per_page: Type.Optional(Type.Integer({ maximum: 100, description: 'Number of results' })),
    }),
    headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 3 })) }),
    body: Type.Object({ roles: Type.Array(Type.String()) }),
  }
  app.post('/users/:id/roles', { schema }, () => ({}))
  const ask = async (url: string, payload: object, headers = {}) =>
    (await app.inject({ method: 'POST', url, payload, headers })).json()
  assert.deepEqual(await ask('/users/a%7Cb/roles', {}), {
    message: "Payload validation error: 'Missing required property: roles'.",
    errorCode: 'invalid_body',
  })
  assert.deepEqual(await ask('/users/foo/roles', { roles: [] }), {
    message:
      "Path validation error: 'String does not match pattern \\|: foo' on property id (ID of the user.).",
    errorCode: 'invalid_uri',
  })
  assert.deepEqual(await ask('/users/a%7Cb/roles?per_page=many', { roles: [] }), {
    message:
      "Query validation error: 'Expected type integer but found type string' on property per_page (Number of results).",
    errorCode: 'invalid_query_string',
  })
  assert.deepEqual(await ask('/users/a%7Cb/roles', { roles: [] }, { 'if-match': '"long"' }), {
    message: "Header validation error: 'String is too long (6 chars), maximum 3' on property if-match.",
    errorCode: 'invalid_header',
  })
})

test('without the failing value and its schema the sentence only says less', () => {
  const fault = { keyword: 'format', instancePath: '/email', params: { format: 'email' } }
  assert.equal(
    wordValidation({ validation: [fault], validationContext: 'body' }).message,
    "Payload validation error: 'Object didn't pass validation for format email' on property email.",
  )
  assert.equal(wordValidation({}).message, 'Payload validation error.')
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { projection } from './fields.ts'

const user = {
  user_id: 'auth0|1',
  email: 'ana@example.com',
  app_metadata: { plan: { name: 'gold', seats: 3 }, tags: ['a'] },
  identities: [
    { provider: 'auth0', connection: 'db' },
    { provider: 'google-oauth2', connection: 'google' },
  ],
}

const cases: readonly [title: string, parameters: Parameters<typeof projection>[0], expected: unknown][] = [
  ['everything without fields', {}, user],
  ['everything with blank fields', { fields: ' , ', include_fields: false }, user],
  ['just the named fields', { fields: 'email,user_id' }, { email: user.email, user_id: user.user_id }],
  ['named fields with blanks around them', { fields: ' email ' }, { email: user.email }],
  [
    'nothing for names that are not there',
    { fields: 'nobody,app_metadata.nothing.here' },
    { app_metadata: {} },
  ],
  [
    'a path into metadata',
    { fields: 'app_metadata.plan.name' },
    { app_metadata: { plan: { name: 'gold' } } },
  ],
  [
    'two paths that share their beginning',
    { fields: 'app_metadata.plan.name,app_metadata.tags' },
    { app_metadata: { plan: { name: 'gold' }, tags: ['a'] } },
  ],
  [
    'the whole when both it and a part are named',
    { fields: 'app_metadata.tags,app_metadata,app_metadata.plan' },
    { app_metadata: user.app_metadata },
  ],
  [
    'a path into each item of an array',
    { fields: 'identities.provider' },
    { identities: [{ provider: 'auth0' }, { provider: 'google-oauth2' }] },
  ],
  [
    'all but the named fields',
    { fields: 'app_metadata,identities', include_fields: false },
    { user_id: user.user_id, email: user.email },
  ],
  [
    'all but a path',
    { fields: 'identities,app_metadata.plan.seats', include_fields: false },
    { user_id: user.user_id, email: user.email, app_metadata: { plan: { name: 'gold' }, tags: ['a'] } },
  ],
  ['nothing inherited', { fields: '__proto__,constructor,toString,email.length' }, {}],
]

describe('a projection keeps', () => {
  for (const [title, parameters, expected] of cases) {
    test(title, () => assert.deepEqual(projection(parameters)(user), expected))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Comparison, equal, type Filter, type Scalar } from '#core/listing.ts'
import { parseSort, parseUserSearch, SearchSyntaxError } from './user-search.ts'

const is = (field: string, comparison: Comparison, value: Scalar): Filter => ({
  field,
  is: comparison,
  value,
})
const fold = (field: string, value: string): Filter => ({ ...equal(field, value), ignoreCase: true })
const like = (field: string, ...parts: string[]): Filter => ({ field, like: parts })
const exists = (field: string): Filter => ({ field, exists: true })
const all = (...filters: Filter[]): Filter => ({ all: filters })
const any = (...filters: Filter[]): Filter => ({ any: filters })
const not = (filter: Filter): Filter => ({ not: filter })
const day = 86_400_000

type Cases = readonly (readonly [q: string, filter: Filter])[]

const check = (cases: Cases): void => {
  for (const [q, filter] of cases) assert.deepEqual(parseUserSearch(q), filter, q)
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((value) => equal('username', value)) as [
  Filter,
  Filter,
  Filter,
  Filter,
]
const letters = (q: string): string => q.replace(/\b[a-d]\b/gu, 'username:$&')

test('each wire field is read as the field of the model it stands for', () => {
  check([
    ['email:Jane@Example.org', fold('email', 'Jane@Example.org')],
    ['email.domain:example.org', fold('emailDomain', 'example.org')],
    ['name:"Jane Doe"', fold('name', 'Jane Doe')],
    ['given_name:Jane', fold('givenName', 'Jane')],
    ['family_name:Doe', fold('familyName', 'Doe')],
    ['nickname:jd', fold('nickname', 'jd')],
    ['username:Jane', equal('username', 'Jane')],
    ['phone_number:+4930123456', equal('phone', '+4930123456')],
    ['phone_number:"+4930123456"', equal('phone', '+4930123456')],
    ['phone_verified:true', equal('isPhoneVerified', true)],
    ['email_verified:false', equal('isEmailVerified', false)],
    ['last_ip:127.0.0.1', equal('lastIp', '127.0.0.1')],
    ['last_ip:"::1"', equal('lastIp', '::1')],
    ['logins_count:3', equal('loginsCount', 3)],
    ['picture:"https://a/b.png"', equal('picture', 'https://a/b.png')],
    ['identities.profileData.email:"a@b.c"', equal('identities.profile.email', 'a@b.c')],
    ['app_metadata.plan.name:Gold', equal('appMetadata.plan.name', 'Gold')],
    ['user_metadata.favorite\\ color:blue', equal('userMetadata.favorite color', 'blue')],
    ['user_metadata.age:30', equal('userMetadata.age', '30')],
    ['organization_id:org_1', equal('memberships.scope', 'organization:1')],
    ['roles:"rol_1"', equal('assignedRoles.id', '1')],
    ['role.name:"Admin"', equal('assignedRoles.name', 'Admin')],
  ])
})

test('a user without the field blocked is not blocked', () => {
  check([
    ['blocked:true', equal('isBlocked', true)],
    ['blocked:false', not(equal('isBlocked', true))],
    ['_exists_:blocked', exists('isBlocked')],
  ])
})

test('a user id is compared as the wire has it, wildcards included', () => {
  const foreign = like('id', '', '|', '')
  check([
    ['user_id:"auth0|abc"', equal('id', 'abc')],
    ['user_id:auth0|abc', equal('id', 'abc')],
    ['user_id:google-oauth2|1', equal('id', 'google-oauth2|1')],
    [
      'user_id:auth0|ab*',
      any(all(foreign, like('id', 'auth0|ab', '')), all(not(foreign), like('id', 'ab', ''))),
    ],
    ['user_id:auth0*', any(all(foreign, like('id', 'auth0', '')), all(not(foreign), like('id', '', '')))],
    ['user_id:google*', any(all(foreign, like('id', 'google', '')))],
    ['user_id:*abc', any(all(foreign, like('id', '', 'abc')), all(not(foreign), like('id', '', 'abc')))],
    [
      'user_id:a*0|b*',
      any(
        all(foreign, like('id', 'a', '0|b', '')),
        all(not(foreign), like('id', 'b', '')),
        all(not(foreign), like('id', '', '0|b', '')),
      ),
    ],
  ])
})

test('people with a password of ours have the identity auth0, though none is stored', () => {
  const own = exists('connectionId')
  check([
    ['identities.provider:auth0', any(equal('identities.provider', 'auth0'), own)],
    ['identities.provider:au*', any(like('identities.provider', 'au', ''), own)],
    ['identities.provider:*th0', any(like('identities.provider', '', 'th0'), own)],
    ['identities.provider:github', equal('identities.provider', 'github')],
    [
      'identities.connection:Staff',
      any(equal('identities.connectionName', 'Staff'), equal('connectionName', 'Staff')),
    ],
    [
      'identities.connection:Sta*',
      any(like('identities.connectionName', 'Sta', ''), like('connectionName', 'Sta', '')),
    ],
    ['_exists_:identities.connection', any(exists('identities.connectionName'), own)],
    ['identities.provider:google*', like('identities.provider', 'google', '')],
    ['identities.user_id:abc', any(equal('identities.subject', 'abc'), all(own, equal('id', 'abc')))],
    ['_exists_:identities.provider', any(exists('identities.provider'), own)],
  ])
})

test('_exists_ asks for the field; logins are counted from the first one', () => {
  check([
    ['_exists_:email', exists('email')],
    ['_exists_:"user_metadata.plan"', exists('userMetadata.plan')],
    ['NOT _exists_:app_metadata.plan', not(exists('appMetadata.plan'))],
    ['_exists_:logins_count', is('loginsCount', 'more', 0)],
    ['_exists_:organization_id', like('memberships.scope', 'organization:', '')],
    ['_exists_:roles', exists('assignedRoles.id')],
  ])
})

test('a star stands for any text, unless it is quoted or escaped', () => {
  check([
    ['email:test*', { ...like('email', 'test', ''), ignoreCase: true }],
    ['name:*abc*', { ...like('name', '', 'abc', ''), ignoreCase: true }],
    ['name:*abc', { ...like('name', '', 'abc'), ignoreCase: true }],
    ['name:j**n', { ...like('name', 'j', 'n'), ignoreCase: true }],
    ['username:\\*\\**', like('username', '**', '')],
    ['username:a\\**', like('username', 'a*', '')],
    ['username:"a*"', equal('username', 'a*')],
    ['app_metadata.plan:g*', like('appMetadata.plan', 'g', '')],
    ['email:*', exists('email')],
    ['*', all()],
    ['*:*', all()],
  ])
})

test('a term without a field is looked for in the names, the address and the phone number', () => {
  const fields = ['name', 'email', 'nickname', 'givenName', 'familyName', 'username', 'phone']
  const ignoresCase = (field: string): boolean => field !== 'username' && field !== 'phone'
  check([
    [
      'jane',
      any(...fields.map((field) => (ignoresCase(field) ? fold(field, 'jane') : equal(field, 'jane')))),
    ],
    [
      '"jane doe"',
      any(
        ...fields.map((field) => (ignoresCase(field) ? fold(field, 'jane doe') : equal(field, 'jane doe'))),
      ),
    ],
    [
      'jan*',
      any(
        ...fields.map((field) => ({
          ...like(field, 'jan', ''),
          ...(ignoresCase(field) && { ignoreCase: true }),
        })),
      ),
    ],
  ])
})

test('an exact date stands for all the time it leaves open', () => {
  const start = Date.UTC(2025, 11, 1)
  const span = (first: number, length: number): Filter =>
    all(is('createdAt', 'atLeast', first), is('createdAt', 'atMost', first + length - 1))
  check([
    ['created_at:2025-12-01', span(start, day)],
    ['created_at:2025-12-01T10:30', span(start + 37_800_000, 60_000)],
    ['created_at:2025-12-01T10:30:15Z', span(start + 37_815_000, 1000)],
    ['created_at:"2025-12-01T10:30:15Z"', span(start + 37_815_000, 1000)],
    ['created_at:2025-12-01T10:30:15.2Z', span(start + 37_815_200, 100)],
    ['created_at:2025-12-01T10:30:15.250Z', equal('createdAt', start + 37_815_250)],
    ['created_at:2025-12-01T10:30:15.250+02:00', equal('createdAt', start + 30_615_250)],
    ['created_at:2025-12-01T10:30:15.250-0130', equal('createdAt', start + 43_215_250)],
  ])
})

test('a range includes or excludes each end, whole days as a whole', () => {
  const first = Date.UTC(2025, 11, 1)
  const last = Date.UTC(2025, 11, 31)
  check([
    [
      'last_login:[2025-12-01 TO 2025-12-31]',
      all(is('lastLoginAt', 'atLeast', first), is('lastLoginAt', 'atMost', last + day - 1)),
    ],
    [
      'last_login:{2025-12-01 TO 2025-12-31}',
      all(is('lastLoginAt', 'more', first + day - 1), is('lastLoginAt', 'less', last)),
    ],
    [
      'last_login:[2025-12-01 TO 2025-12-31}',
      all(is('lastLoginAt', 'atLeast', first), is('lastLoginAt', 'less', last)),
    ],
    ['updated_at:{2025-12-01 TO *]', is('updatedAt', 'more', first + day - 1)],
    ['updated_at:[* TO 2025-12-31T00:00:00.000Z}', is('updatedAt', 'less', last)],
    ['updated_at:["2025-12-31T00:00:00.000Z" TO *]', is('updatedAt', 'atLeast', last)],
    ['last_login:[* TO *]', exists('lastLoginAt')],
    ['logins_count:[100 TO *]', is('loginsCount', 'atLeast', 100)],
    ['logins_count:{ 1  TO  5 ]', all(is('loginsCount', 'more', 1), is('loginsCount', 'atMost', 5))],
    ['logins_count:[-5 TO 0}', all(is('loginsCount', 'atLeast', -5), is('loginsCount', 'less', 0))],
    [
      'app_metadata.score:[1.5 TO 20]',
      all(is('appMetadata.score', 'atLeast', 1.5), is('appMetadata.score', 'atMost', 20)),
    ],
    [
      'app_metadata.since:[2025 TO 2026-01]',
      all(is('appMetadata.since', 'atLeast', '2025'), is('appMetadata.since', 'atMost', '2026-01')),
    ],
  ])
})

test('AND binds tighter than OR, NOT tighter than both, parentheses tightest', () => {
  check(
    (
      [
        ['a OR b AND c', any(a, all(b, c))],
        ['a AND b OR c', any(all(a, b), c)],
        ['(a OR b) AND c', all(any(a, b), c)],
        ['NOT a OR b', any(not(a), b)],
        ['NOT (a OR b)', not(any(a, b))],
        ['a && b || !c', any(all(a, b), not(c))],
        ['a AND -b', all(a, not(b))],
        ['a OR -b', any(a, not(b))],
        ['NOT NOT a', a],
        ['-(-a)', not(not(a))],
        ['((a))', a],
        [' a ', a],
      ] as Cases
    ).map(([q, filter]) => [letters(q), filter]),
  )
})

test('terms side by side are alternatives, of which signs exclude and require', () => {
  check(
    (
      [
        ['a b', any(a, b)],
        ['a b OR c', any(a, any(b, c))],
        ['a b AND c', any(a, all(b, c))],
        ['a -b', all(a, not(b))],
        ['a NOT b', all(a, not(b))],
        ['a b -c !d', all(any(a, b), not(c), not(d))],
        ['a OR b -c', all(any(a, b), not(c))],
        ['a AND b -c', all(all(a, b), not(c))],
        ['a NOT b AND NOT c', all(a, all(not(b), not(c)))],
        ['-a -b', all(not(a), not(b))],
        ['+a b', a],
        ['+a +b c -d', all(a, b, not(d))],
        ['(a -b) c', any(all(a, not(b)), c)],
      ] as Cases
    ).map(([q, filter]) => [letters(q), filter]),
  )
})

test('the value of a field can be a group', () => {
  check([
    ['username:(a OR b)', any(a, b)],
    ['username:(a b)', any(a, b)],
    ['username:(a AND NOT b)', all(a, not(b))],
    ['-username:("a" (b OR c))', not(any(a, any(b, c)))],
    [
      'logins_count:([1 TO 2] OR 5)',
      any(all(is('loginsCount', 'atLeast', 1), is('loginsCount', 'atMost', 2)), equal('loginsCount', 5)),
    ],
    ['created_at:(2025-12-01T00:00:00.000Z)', equal('createdAt', Date.UTC(2025, 11, 1))],
  ])
})

test('an escaped or quoted character is only itself', () => {
  check([
    ['username:a\\:b', equal('username', 'a:b')],
    ['username:\\(a\\)\\ b', equal('username', '(a) b')],
    ['username:"say \\"hi\\" \\\\"', equal('username', 'say "hi" \\')],
    ['username:\\AND', equal('username', 'AND')],
    ['username:"OR"', equal('username', 'OR')],
    ['username:a-b+c', equal('username', 'a-b+c')],
    ['username:"(a OR b)"', equal('username', '(a OR b)')],
    ['username:""', equal('username', '')],
    ['username: a', a],
  ])
})

test('a blank query finds everybody', () => {
  check([
    ['', all()],
    [' \n', all()],
  ])
})

test('what is no query is refused with its fault and where it is', () => {
  const cases: [q: string, message: string][] = [
    ['email:', 'Expected a value of email, found the end at position 7'],
    ['email:AND', 'Expected a value of email, found AND at position 7'],
    ['email:a AND', 'Expected a term, found the end at position 12'],
    ['OR email:a', 'Expected a term, found OR at position 1'],
    ['email:a AND OR email:b', 'Expected a term, found OR at position 13'],
    ['()', 'Expected a term, found ) at position 2'],
    ['-', 'Expected a term, found the end at position 2'],
    ['(email:a', 'A parenthesis is never closed at position 1'],
    ['email:a)', 'Unexpected ) at position 8'],
    ['email:"a', 'A phrase has no closing quote at position 7'],
    ['email:a\\', 'There is nothing behind the escape \\ at position 8'],
    ['"a":b', 'Unexpected : at position 4'],
    ['email:a]', 'Unexpected ] at position 8'],
    ['shoe_size:43', 'Unknown field shoe_size at position 1'],
    ['constructor:x', 'Unknown field constructor at position 1'],
    ['app_metadata:x', 'Unknown field app_metadata at position 1'],
    ['app_metadata.:x', 'Unknown field app_metadata. at position 1'],
    ['app_metadata.a..b:x', 'Unknown field app_metadata.a..b at position 1'],
    ['app_metadata.a\\"b:x', 'Unknown field app_metadata.a"b at position 1'],
    [
      'user_metadata.a.b.c.d.e.f.g.h.i.j.k:x',
      'Unknown field user_metadata.a.b.c.d.e.f.g.h.i.j.k at position 1',
    ],
    ['_exists_:shoe_size', 'Unknown field shoe_size at position 10'],
    ['_exists_:*', '_exists_ expects a field at position 10'],
    ['em*:a', 'The name of a field has a wildcard at position 1'],
    ['email:a:b', 'The value of email has a colon, which must be quoted or escaped at position 7'],
    [
      'email:(a OR name:b)',
      'Inside the parentheses of a field a colon must be quoted or escaped at position 13',
    ],
    ['name:*ab', 'A wildcard at the start needs 3 characters behind it at position 6'],
    ['*ab', 'A wildcard at the start needs 3 characters behind it at position 1'],
    ['name:j?n', 'The wildcard ? is not supported at position 7'],
    ['name:jon~', 'Fuzzy and proximity search (~) is not supported at position 9'],
    ['name:jon^2', 'Boosting (^) is not supported at position 9'],
    ['name:/jo.n/', 'A regular expression (/) is not supported at position 6'],
    ['user_metadata.a:b*', 'user_metadata.a can not be searched with a wildcard at position 17'],
    ['user_metadata.a:[1 TO 2]', 'user_metadata.a can not be searched by range at position 17'],
    ['logins_count:1*', 'logins_count can not be searched with a wildcard at position 14'],
    ['name:[a TO b]', 'name can not be searched by range at position 6'],
    ['[1 TO 2]', 'A range needs a field at position 1'],
    ['logins_count:[1 2]', 'A range lacks its TO at position 16'],
    ['logins_count:[ TO 2]', 'A range lacks its TO at position 18'],
    ['logins_count:[1 TO ]', 'A range lacks a bound at position 20'],
    ['logins_count:[1 TO 2', 'A range has no closing bracket at position 21'],
    [
      'logins_count:[a TO 2]',
      'The range of logins_count expects a whole number or * at both ends at position 14',
    ],
    ['logins_count:many', 'logins_count expects a whole number at position 14'],
    ['logins_count:1.5', 'logins_count expects a whole number at position 14'],
    ['logins_count:9007199254740992', 'logins_count expects a whole number at position 14'],
    ['blocked:yes', 'blocked expects true or false at position 9'],
    [
      'created_at:yesterday',
      'created_at expects a date such as 2025-12-01 or 2025-12-01T00:00:00.000Z at position 12',
    ],
    [
      'created_at:2025-02-30',
      'created_at expects a date such as 2025-12-01 or 2025-12-01T00:00:00.000Z at position 12',
    ],
    [
      'created_at:2025-12-01T25:00',
      'created_at expects a date such as 2025-12-01 or 2025-12-01T00:00:00.000Z at position 12',
    ],
    ['roles:admin', 'roles expects a role id, rol_… at position 7'],
    ['organization_id:acme', 'organization_id expects an organization id, org_… at position 17'],
  ]
  for (const [q, message] of cases) {
    assert.throws(() => parseUserSearch(q), { name: 'SearchSyntaxError', message }, q)
  }
})

test('queries that are too long, too deep or have too many terms are refused', () => {
  const nested = (levels: number): string => `${'('.repeat(levels)}username:a${')'.repeat(levels)}`
  const many = (terms: number): string => Array.from({ length: terms }, () => 'username:a').join(' ')
  assert.deepEqual(parseUserSearch(nested(20)), a)
  assert.throws(() => parseUserSearch(nested(21)), /nested deeper than 20 levels at position 21/u)
  assert.throws(() => parseUserSearch(`username:${'('.repeat(5000)}`), SearchSyntaxError)
  assert.deepEqual(parseUserSearch(many(200)), any(...Array.from({ length: 200 }, () => a)))
  assert.throws(() => parseUserSearch(many(201)), /more than 200 terms/u)
  assert.throws(() => parseUserSearch(`username:${'a'.repeat(10_240)}`), /longer than 10240 bytes/u)
  assert.throws(() => parseUserSearch(`username:${'€'.repeat(5_000)}`), /longer than 10240 bytes/u)
  assert.throws(
    () => parseUserSearch(`${'x'.repeat(200)}:a`),
    /^SearchSyntaxError: Unknown field x{99}… at position 1$/u,
  )
})

const limitMilliseconds = 500

/** Whatever comes, the parser answers or refuses, and soon. */
const answersSoon = (q: string): void => {
  const start = performance.now()
  try {
    parseUserSearch(q)
  } catch (error) {
    assert.ok(error instanceof SearchSyntaxError, `${q}: ${error}`)
  }
  const spent = performance.now() - start
  assert.ok(spent < limitMilliseconds, `${spent} ms for ${q.slice(0, 100)}`)
}

test('no text makes the parser fail in another way than by refusing, or take long', () => {
  const pieces = [
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      '\\',
      '*',
      '?',
      '~',
      '^',
      ':',
      '-',
      '+',
      '!',
      '/',
      '|',
      '||',
      '&&',
      ' ',
      '\t',
    ],
    ...[
      ' AND ',
      ' OR ',
      ' NOT ',
      ' TO ',
      'email:',
      'logins_count:',
      'created_at:',
      'app_metadata.',
      '_exists_:',
      '*:',
    ],
    ...[
      '2025-12-01',
      'T10:00',
      'true',
      '7',
      'auth0|',
      'user_id:',
      'identities.provider:',
      'rol_',
      'a',
      '👩',
      '\0',
      '\ud83d',
    ],
  ]
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((each) => each.join(''))
  fc.assert(fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 })), answersSoon), {
    numRuns: 5000,
  })
})

test('a piece repeated up to the limit of length is answered or refused soon', () => {
  const starts = [
    '',
    'username:',
    'user_id:',
    'identities.provider:',
    'app_metadata.a:',
    'created_at:',
    'app_metadata.',
    '_exists_:',
  ]
  const pieces = [
    '(',
    ')',
    '-',
    '!',
    'NOT ',
    'a ',
    'a*',
    '*',
    'a*u*',
    '\\',
    '\\*',
    '"',
    '""',
    '[',
    '[* TO ',
    ' ',
    'a.',
    'a:',
    '1',
    '2025-12-01T',
    '|',
    '+',
    'a OR ',
    '\\ ',
  ]
  for (const start of starts) {
    for (const piece of pieces) answersSoon(`${start}${piece.repeat((10_200 - start.length) / piece.length)}`)
  }
})

const escapeAll = (text: string): string => text.replace(/[\s\S]/gu, '\\$&')
const quote = (text: string): string => `"${text.replace(/["\\]/gu, '\\$&')}"`
const wireNames: Readonly<Record<string, string>> = {
  name: 'name',
  username: 'username',
  'appMetadata.plan': 'app_metadata.plan',
  loginsCount: 'logins_count',
  lastLoginAt: 'last_login',
  isEmailVerified: 'email_verified',
}
const brackets: Partial<Record<Comparison, (bound: string) => string>> = {
  atLeast: (bound) => `[${bound} TO *]`,
  more: (bound) => `{${bound} TO *]`,
  atMost: (bound) => `[* TO ${bound}]`,
  less: (bound) => `[* TO ${bound}}`,
}

/** Writes a filter as a query: the reverse of the parser, for the fields above. */
const print = (filter: Filter): string => {
  if ('all' in filter) return `(${filter.all.map(print).join(' AND ')})`
  if ('any' in filter) return `(${filter.any.map(print).join(' OR ')})`
  if ('not' in filter) return `NOT (${print(filter.not)})`
  const name = wireNames[filter.field]!
  if ('exists' in filter) return `_exists_:${name}`
  if ('like' in filter) return `${name}:${filter.like.map(escapeAll).join('*')}`
  if ('in' in filter) throw new Error('not in the subset')
  const value =
    filter.field === 'lastLoginAt' ? new Date(filter.value as number).toISOString() : String(filter.value)
  const range = brackets[filter.is]
  return `${name}:${range ? range(value) : quote(value)}`
}

test('a filter written as a query is read as the same filter', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  const textField = fc.constantFrom(
    { field: 'name', ignoreCase: true },
    { field: 'username' },
    { field: 'appMetadata.plan' },
  )
  const parts = fc
    .tuple(fc.option(word, { nil: '' }), fc.array(word, { maxLength: 3 }), fc.option(word, { nil: '' }))
    .map(([first, middle, last]) => [first, ...middle, last])
    .filter(([first, last, ...more]) => more.length > 0 || (first === '' ? [...last!].length > 2 : true))
  const comparison = fc.constantFrom<Comparison>('equal', 'atLeast', 'more', 'atMost', 'less')
  const instant = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2100, 0) })
  const leaf = fc.oneof(
    fc
      .record({ field: textField, value: word })
      .map(({ field, value }): Filter => ({ ...equal('', value), ...field })),
    fc
      .record({ field: textField, like: parts })
      .map(({ field, like: each }): Filter => ({ ...field, like: each })),
    fc.tuple(comparison, fc.maxSafeInteger()).map(([by, value]) => is('loginsCount', by, value)),
    fc.tuple(comparison, instant).map(([by, value]) => is('lastLoginAt', by, value)),
    fc.boolean().map((value) => equal('isEmailVerified', value)),
    fc.constantFrom(exists('name'), exists('appMetadata.plan'), exists('lastLoginAt')),
  )
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => {
    const filters = fc.array(tie('filter'), { minLength: 2, maxLength: 4 })
    return {
      filter: fc.oneof(
        { maxDepth: 5 },
        leaf,
        filters.map((each) => all(...each)),
        filters.map((each) => any(...each)),
        tie('filter').map(not),
      ),
    }
  })
  const isSmall = (q: string): boolean => Buffer.byteLength(q) <= 10_240 && q.split(':').length < 200
  fc.assert(
    fc.property(filter, (each) => {
      const q = print(each)
      fc.pre(isSmall(q))
      assert.deepEqual(parseUserSearch(q), each, q)
    }),
    { numRuns: 1000 },
  )
})

test('a list can be ordered by a column of the user, both ways', () => {
  assert.deepEqual(parseSort('created_at:1'), [{ field: 'createdAt', direction: 'ascending' }])
  assert.deepEqual(parseSort('last_login:-1'), [{ field: 'lastLoginAt', direction: 'descending' }])
  assert.deepEqual(parseSort('user_id:1'), [{ field: 'id', direction: 'ascending' }])
  const refused = [
    '',
    'email',
    'email:2',
    'email:+1',
    'email:1 ',
    'email:1,name:1',
    'shoe_size:1',
    'roles:1',
    'email.domain:1',
    'app_metadata.a:1',
    'toString:1',
  ]
  for (const sort of refused) assert.throws(() => parseSort(sort), SearchSyntaxError, sort)
})

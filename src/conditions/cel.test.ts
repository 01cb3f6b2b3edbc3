import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Facts } from '#core/rules/conditions.ts'
import { createConditions } from './cel.ts'

const facts: Facts = {
  user: {
    id: 'x',
    kind: 'person',
    email: 'Ada@corp.example',
    emailDomain: 'corp.example',
    isEmailVerified: true,
    username: '',
    name: 'Ada',
    givenName: '',
    familyName: '',
    nickname: '',
    phone: '',
    connection: 'Username-Password-Authentication',
    loginsCount: 3,
    createdAt: Date.UTC(2026, 0, 1),
    userMetadata: { tags: ['a', 'b'] },
    appMetadata: { level: 3, plan: { name: 'pro' } },
    roles: ['Editor', 'user'],
    roleIds: ['5f', 'user'],
  },
  application: { id: '', name: '', metadata: {} },
  scope: 'workspace',
  event: { occasion: 'login', door: 'oidc', at: Date.UTC(2026, 0, 8), ip: '', userAgent: '' },
}

const { judge, faultOf } = createConditions()

test('conditions look at the user, the application, the scope and what happens', () => {
  for (const [condition, holds] of [
    ['user.emailDomain == "corp.example" && user.isEmailVerified', true],
    ['user.loginsCount > 3', false],
    ['user.appMetadata.level >= 3 && user.appMetadata.plan.name in ["pro", "team"]', true],
    ['has(user.appMetadata.trial) && user.appMetadata.trial', false],
    ['"b" in user.userMetadata.tags', true],
    ['"editor" in user.roles || "Editor" in user.roles', true],
    ['user.roles.exists(role, role.startsWith("Edi"))', true],
    ['event.at - user.createdAt < duration("168h")', false],
    ['event.at.getDayOfWeek() == 4', true],
    ['application.id == "" && scope == "workspace" && event.occasion == "login"', true],
  ] as const) {
    assert.equal(faultOf(condition), undefined, condition)
    assert.deepEqual(judge(condition, facts), { ok: true, holds }, condition)
  }
})

test('what is no condition is refused in a line', () => {
  for (const [condition, fault] of [
    ['', /./u],
    ['user.emial == "x"', /^No such key: emial$/u],
    ['users.email == "x"', /^Unknown variable: users$/u],
    ['user.email', /neither true nor false/u],
    ['1 +', /Unexpected token/u],
    ['user.email.matches("^(a+)+$")', /regular expressions/u],
    ['user.roles.all(a, user.roles.exists(b, a == b))', /within another/u],
    ['user.roles.map(a, user.roles.filter(b, a == b)).size() > 0', /within another/u],
    [`${'true || '.repeat(500)}true`, /./u],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, /./u],
    ['x'.repeat(5_000), /at most 4000/u],
    ['user.constructor == user.constructor', /No such key/u],
    ['process.exit()', /./u],
  ] as const) {
    const said = faultOf(condition)
    assert.match(said ?? '', fault, condition.slice(0, 60))
    assert.ok(!said?.includes('\n'))
    assert.equal(judge(condition, facts).ok, false)
  }
})

test('a condition that can not be evaluated for somebody says why, and never throws', () => {
  for (const condition of [
    'user.appMetadata.trial',
    'user.appMetadata.plan > 1',
    'user.appMetadata.__proto__ == 1',
    'user.appMetadata.constructor.name == "x"',
    'user.appMetadata.level',
    'user.userMetadata.tags[7] == "x"',
    '1 / (user.loginsCount - 3) == 1',
  ]) {
    assert.equal(faultOf(condition), undefined, condition)
    const judged = judge(condition, facts)
    assert.ok(!judged.ok && judged.message !== '' && !judged.message.includes('\n'), condition)
  }
})

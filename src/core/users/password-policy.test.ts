import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../json.ts'
import { DomainError } from '../refusals.ts'
import {
  type Against,
  type PasswordFault,
  type PasswordPolicy,
  passwordFaults,
  policyOf,
  requireStrongPassword,
} from './password-policy.ts'

const cases: readonly [policy: PasswordPolicy, password: string, ...faults: PasswordFault[]][] = [
  ['none', 'a'],
  ['none', '', 'too_short'],
  ['low', 'abcde', 'too_short'],
  ['low', 'abcdef'],
  ['fair', 'Abcdef1', 'too_short'],
  ['fair', 'abcdefg1', 'no_upper_case'],
  ['fair', 'ABCDEFG1', 'no_lower_case'],
  ['fair', 'Abcdefgh', 'no_digit'],
  ['fair', 'Abcdefg1'],
  ['good', 'abcdefg1', 'too_few_character_classes'],
  ['good', 'abcdefg1!'],
  ['good', 'ABCdefgh1'],
  ['good', 'Ab1!', 'too_short'],
  ['good', 'correct horse battery', 'too_few_character_classes'],
  ['excellent', 'Abcdefg1!', 'too_short'],
  ['excellent', 'Abcdefgh1!'],
  ['excellent', 'Abccdeff1!'],
  ['excellent', 'Abcccdefg1!', 'too_many_identical_in_a_row'],
  ['excellent', 'aaa', 'too_short', 'too_few_character_classes', 'too_many_identical_in_a_row'],
  // Characters are counted as people count them, not as UTF-16 does.
  ['low', '👩👩👩👩👩', 'too_short'],
  ['good', 'Ünïcödé7'],
]

const weakness = (password: string, options: JsonObject, against: Against = {}) => {
  try {
    requireStrongPassword(password, { options }, undefined, against)
    return []
  } catch (error) {
    assert.ok(error instanceof DomainError && error.refusal.code === 'weak_password')
    return error.refusal.faults
  }
}

const isCommon = (password: string) => password.toLowerCase() === 'password1'

test('what everybody takes is nobody’s, from fair on or where the connection asks', () => {
  const dictionary = { enable: true, dictionary: ['Acme2026'] }
  const [fair, low] = [{ passwordPolicy: 'fair' }, { passwordPolicy: 'low' }]
  assert.deepEqual(weakness('Password1', fair, { isCommon }), ['too_common'])
  assert.deepEqual(weakness('Password1', low, { isCommon }), [])
  assert.deepEqual(weakness('Password1', { ...low, password_dictionary: dictionary }, { isCommon }), [
    'too_common',
  ])
  assert.deepEqual(weakness('ACME2026', { ...low, password_dictionary: dictionary }), ['too_common'])
  assert.deepEqual(
    weakness('Password1', { ...fair, password_dictionary: { enable: false } }, { isCommon }),
    [],
  )
})

test('what is known of a person is none of his password, where the connection asks', () => {
  const person = { email: 'ada.lovelace@example.com', username: 'countess', name: 'Ada King' }
  const options = { password_no_personal_info: { enable: true } }
  for (const password of ['xxLOVELACE1', 'my-countess', 'Ada King 1']) {
    assert.deepEqual(weakness(password, options, { person }), ['personal'])
    assert.deepEqual(weakness(password, {}, { person }), [])
  }
  for (const password of ['ada', 'kingfisher', 'example.com']) {
    const found = weakness(password, options, { person })
    assert.deepEqual(found, password === 'kingfisher' ? ['personal'] : [])
  }
})

describe('a password policy', () => {
  for (const [policy, password, ...faults] of cases) {
    test(`${policy} finds ${faults.join(', ') || 'nothing'} wrong with ${JSON.stringify(password)}`, () => {
      assert.deepEqual(passwordFaults(password, policy), faults)
    })
  }

  test('is none when the connection names none, or one that nobody knows', () => {
    assert.equal(policyOf({ options: {} }), 'none')
    assert.equal(policyOf({ options: { passwordPolicy: 'toString' } }), 'none')
    assert.equal(policyOf({ options: { passwordPolicy: null } }), 'none')
    assert.equal(policyOf({ options: { passwordPolicy: 'excellent' } }), 'excellent')
  })

  test('gives way to a length of the connection’s own', () => {
    const options = { passwordPolicy: 'good', password_complexity_options: { min_length: 12 } }
    assert.throws(
      () => requireStrongPassword('Abcdefgh1!', { options }),
      (error) =>
        error instanceof DomainError &&
        error.refusal.code === 'weak_password' &&
        error.refusal.faults.includes('too_short'),
    )
    requireStrongPassword('Abcdefgh1!xy', { options })
  })

  test('refuses with the policy and everything the password lacks', () => {
    assert.throws(
      () => requireStrongPassword('abc', { options: { passwordPolicy: 'good' } }),
      (error) => {
        assert.ok(error instanceof DomainError)
        assert.deepEqual(error.refusal, {
          code: 'weak_password',
          policy: 'good',
          faults: ['too_short', 'too_few_character_classes'],
        })
        return true
      },
    )
  })
})

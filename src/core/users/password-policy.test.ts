import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DomainError } from '../refusals.ts'
import {
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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DomainError } from '#core/refusals.ts'
import * as ids from './ids.ts'

const { decodeUserId, encodeUserId } = ids
const plainId = fc.string({ minLength: 1, unit: 'grapheme' }).filter((id) => !id.includes('|'))
const foreignId = fc.tuple(plainId, plainId).map(([provider, subject]) => `${provider}|${subject}`)
const isOwn = (wireId: string): boolean => decodeUserId(wireId) !== wireId

test('user ids of ours carry the provider auth0, ids of other providers stay as they are', () => {
  const cases: [id: string, wireId: string][] = [
    ['507f1f77bcf86cd799439011', 'auth0|507f1f77bcf86cd799439011'],
    ['abc', 'auth0|abc'],
    ['google-oauth2|123', 'google-oauth2|123'],
    ['auth0|custom|123', 'auth0|custom|123'],
    ['samlp|corp|jane@example.org', 'samlp|corp|jane@example.org'],
    ['two\nlines', 'auth0|two\nlines'],
  ]
  for (const [id, wireId] of cases) {
    assert.equal(encodeUserId(id), wireId)
    assert.equal(decodeUserId(wireId), id)
  }
})

test('text that is no user id decodes to itself', () => {
  for (const text of ['', 'abc', 'auth0|', '|', 'AUTH0|abc']) assert.equal(decodeUserId(text), text)
})

test('every user id that is stored decoded survives the way out and back', () => {
  const storedId = fc.oneof(
    plainId,
    foreignId.filter((id) => !isOwn(id)),
  )
  fc.assert(fc.property(storedId, (id) => decodeUserId(encodeUserId(id)) === id))
})

test('every user id on the wire survives the way in and back', () => {
  const wireId = fc.oneof(plainId.map(encodeUserId), foreignId)
  fc.assert(fc.property(wireId, (wire) => encodeUserId(decodeUserId(wire)) === wire))
})

const kinds = [
  ['rol_', ids.encodeRoleId, ids.decodeRoleId],
  ['org_', ids.encodeOrganizationId, ids.decodeOrganizationId],
  ['con_', ids.encodeConnectionId, ids.decodeConnectionId],
  ['cgr_', ids.encodeClientGrantId, ids.decodeClientGrantId],
  ['uinv_', ids.encodeInvitationId, ids.decodeInvitationId],
  ['job_', ids.encodeJobId, ids.decodeJobId],
] as const

test('the other ids carry their prefix out and lose it on the way in', () => {
  for (const [prefix, encode, decode] of kinds) {
    assert.equal(encode('abc'), `${prefix}abc`)
    fc.assert(fc.property(fc.string({ minLength: 1 }), (id) => decode(encode(id)) === id))
    const wireId = fc.string({ minLength: 1 }).map((rest) => `${prefix}${rest}`)
    fc.assert(fc.property(wireId, (wire) => encode(decode(wire)!) === wire))
  }
})

test('an id of another kind, or a prefix alone, decodes to nothing', () => {
  for (const [prefix, , decode] of kinds) {
    for (const text of ['', 'abc', prefix, prefix.toUpperCase(), `x${prefix}abc`, 'usr_abc']) {
      assert.equal(decode(text), undefined, `${prefix} / ${text}`)
    }
  }
})

test('where a thing must be named, an id of another kind is refused as one that is not there', () => {
  assert.equal(ids.requireRoleId('rol_abc'), 'abc')
  assert.throws(
    () => ids.requireRoleId('org_abc'),
    new DomainError({ code: 'not_found', kind: 'role', id: 'org_abc' }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeUserId, encodeOrganizationId, encodeUserId } from '#dialects/auth0/ids.ts'
import { decodeSubject, encodeOrganization, encodeSubject } from './subject.ts'

test("tokens name users and organizations as Auth0's dialect does", () => {
  for (const id of ['5f7c8ec7c33c6c004bbafe82', 'google-oauth2|123', 'a b', 'ä']) {
    assert.equal(encodeSubject(id), encodeUserId(id))
    assert.equal(decodeSubject(encodeSubject(id)), id)
    assert.equal(decodeUserId(encodeSubject(id)), id)
    assert.equal(encodeOrganization(id), encodeOrganizationId(id))
  }
})

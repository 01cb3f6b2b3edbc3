import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'
import { badBody, insufficient } from './answers.ts'
import { read } from './given.ts'

const path = '/api/v2/tenants/settings'

const defaults = {
  friendly_name: 'Rolecall',
  allowed_logout_urls: [],
  sandbox_version: '22',
  sandbox_versions_available: ['22'],
  enabled_locales: ['en'],
  session_cookie: { mode: 'persistent' },
  oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
  session_lifetime: 168,
  idle_session_lifetime: 72,
  flags: {},
}

scenarios('tenant settings', (scenario) => {
  const asReader = { scopes: ['read:tenant_settings'] }
  const asWriter = { scopes: ['update:tenant_settings'] }

  scenario('answer defaults before anybody sets them', {
    ...asReader,
    get: [path],
    expect: { status: 200, body: defaults },
  })

  scenario('answer only the fields that are asked for', {
    ...asReader,
    get: [`${path}?fields=friendly_name,flags`],
    expect: { status: 200, body: { friendly_name: 'Rolecall', flags: {} } },
  })

  scenario('are set one by one, flags too, and echoed', {
    ...asWriter,
    patch: [
      path,
      {
        friendly_name: 'Orders',
        default_audience: 'urn:orders',
        flags: { enable_sso: true },
        error_page: { html: '<b>', show_log_link: false },
      },
    ],
    expect: {
      status: 200,
      body: {
        ...defaults,
        friendly_name: 'Orders',
        default_audience: 'urn:orders',
        flags: { enable_sso: true },
        error_page: { html: '<b>', show_log_link: false },
      },
      events: ['settings.updated'],
    },
  })

  scenario('keep what a later change does not name, and forget what it sets to null', {
    ...asWriter,
    patch: [
      path,
      { default_audience: null, error_page: null, friendly_name: null, flags: { revoke: false } },
    ],
    expect: {
      status: 200,
      body: { ...defaults, flags: { enable_sso: true, revoke: false } },
      events: ['settings.updated'],
    },
  })

  scenario('say the same again without an event', {
    ...asWriter,
    patch: [path, { flags: { enable_sso: true }, default_directory: null }],
    expect: { status: 200 },
  })

  scenario('count lifetimes in hours', {
    ...asWriter,
    patch: [path, { session_lifetime: 12, idle_session_lifetime: 0.5 }],
    expect: {
      status: 200,
      body: {
        ...defaults,
        flags: any,
        session_lifetime: 12,
        idle_session_lifetime: 0.5,
        idle_session_lifetime_in_minutes: 30,
      },
      events: ['settings.updated'],
    },
  })

  scenario('take lifetimes in minutes, which go before hours', {
    ...asWriter,
    patch: [
      path,
      { session_lifetime: 1, session_lifetime_in_minutes: 600, idle_session_lifetime_in_minutes: 120 },
    ],
    expect: {
      status: 200,
      body: { ...defaults, flags: any, session_lifetime: 10, idle_session_lifetime: 2 },
      events: ['settings.updated'],
    },
  })

  for (const [what, body, fault] of [
    ['an unknown field', { colour: 1 }, /Additional properties not allowed: colour/u],
    [
      'what only answers have',
      { sandbox_versions_available: [] },
      /not allowed: sandbox_versions_available/u,
    ],
    ['a flag that is no boolean', { flags: { enable_sso: 'true' } }, /on property flags\.enable_sso/u],
    ['a lifetime in text', { session_lifetime: '12' }, /Expected type number/u],
    ['part of a minute', { session_lifetime_in_minutes: 1.5 }, /Expected type integer/u],
    ['no language', { enabled_locales: [] }, /Too few items/u],
    ['an array', [], /Expected type object/u],
  ] as const) {
    scenario(`refuse ${what}`, {
      ...asWriter,
      patch: [path, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('are not told without the scope', {
    scopes: ['update:tenant_settings'],
    get: [path],
    expect: { status: 403, body: insufficient('read:tenant_settings') },
  })

  scenario('are not set without the scope', {
    scopes: ['read:tenant_settings'],
    patch: [path, { friendly_name: 'Mine' }],
    expect: { status: 403, body: insufficient('update:tenant_settings') },
    then: async (server) => assert.equal((await read(server, 'tenants/settings')).friendly_name, 'Rolecall'),
  })
})

import type { ScopeKind } from '#core/scope.ts'

/**
 * The sample workspace of `npm run demo`: Tidewater, a bookseller with a shop, a warehouse and two large customers.
 * Everything is named by a key of its own; `demo.ts` makes it in this order. Every person and address is invented.
 */

export const domain = 'tidewater.example'

/** User name, full name. */
export const people = [
  ['amara', 'Amara Okafor'],
  ['benoit', 'Benoît Lambert'],
  ['carmen', 'Carmen Ibáñez'],
  ['dmitri', 'Dmitri Volkov'],
  ['elif', 'Elif Demir'],
  ['farid', 'Farid Haddad'],
  ['greta', 'Greta Lindqvist'],
  ['hiroshi', 'Hiroshi Tanaka'],
  ['ines', 'Inês Carvalho'],
  ['jonas', 'Jonas Weber'],
  ['keiko', 'Keiko Mori'],
  ['leila', 'Leila Nazari'],
  ['mateo', 'Mateo Rojas'],
  ['nadia', 'Nadia Kowalska'],
  ['oluchi', 'Oluchi Eze'],
  ['pavel', 'Pavel Novák'],
  ['quinn', "Quinn O'Neill"],
  ['rosa', 'Rosa Marchetti'],
  ['sven', 'Sven Aalto'],
  ['tomasz', 'Tomasz Zieliński'],
  ['uma', 'Uma Krishnan'],
  ['victor', 'Victor Petit'],
  ['wanjiru', 'Wanjiru Kamau'],
  ['xavier', 'Xavier Dubois'],
  ['yara', 'Yara Mansour'],
  ['zoltan', 'Zoltán Kiss'],
] as const

export type Person = (typeof people)[number][0] | 'root'

export const apis = {
  catalogue: {
    name: 'Catalogue',
    identifier: `https://catalogue.${domain}/`,
    permissions: {
      'read:titles': 'See every title, the unpublished ones too',
      'write:titles': 'Enter and correct titles',
      'publish:titles': 'Put titles on sale and take them off',
      'set:prices': 'Set prices and discounts',
    },
  },
  orders: {
    name: 'Orders',
    identifier: `https://orders.${domain}/`,
    permissions: {
      'read:orders': 'See orders',
      'write:orders': 'Enter and change orders',
      'ship:orders': 'Mark orders as shipped',
      'refund:orders': 'Pay money back',
      'approve:refunds': 'Release refunds above 200 euros',
    },
  },
} as const

/** Permissions as `api name`; roles that it includes and that may not be held beside it, by key. */
export const roles = {
  reader: {
    name: 'Catalogue reader',
    description: 'Looks, does not touch',
    permissions: ['catalogue read:titles'],
  },
  editor: {
    name: 'Editor',
    description: 'Keeps the titles right',
    permissions: ['catalogue write:titles'],
    includes: ['reader'],
  },
  chief: {
    name: 'Chief editor',
    description: 'Decides what is sold, and for how much',
    permissions: ['catalogue publish:titles', 'catalogue set:prices'],
    includes: ['editor'],
  },
  clerk: {
    name: 'Order clerk',
    description: 'Takes orders by telephone and mail',
    permissions: ['orders read:orders', 'orders write:orders'],
    includes: ['reader'],
  },
  shipper: {
    name: 'Shipper',
    description: 'Packs in the warehouse',
    permissions: ['orders read:orders', 'orders ship:orders'],
  },
  refunder: {
    name: 'Refund clerk',
    description: 'Enters refunds',
    permissions: ['orders refund:orders'],
    includes: ['clerk'],
  },
  approver: {
    name: 'Refund approver',
    description: 'Releases refunds that somebody else entered',
    permissions: ['orders read:orders', 'orders approve:refunds'],
    excludes: ['refunder'],
  },
  buyer: {
    name: 'Buyer',
    description: 'Orders for an organization, in it only',
    permissions: ['orders write:orders'],
  },
  support: {
    name: 'Support',
    description: 'Helps people who can not sign in',
    permissions: [
      'rolecall users:read',
      'rolecall roles:read',
      'rolecall events:read',
      'rolecall decisions:read',
    ],
  },
} as const satisfies Record<
  string,
  {
    name: string
    description: string
    permissions: readonly string[]
    includes?: readonly string[]
    excludes?: readonly string[]
  }
>

export type RoleKey = keyof typeof roles

/** Grants as `api name`. */
export const applications = {
  shop: { name: 'Shop', kind: 'spa', callbacks: [`https://shop.${domain}/callback`], grants: [] },
  'back-office': {
    name: 'Back office',
    kind: 'regular_web',
    callbacks: [`https://office.${domain}/callback`],
    grants: [],
  },
  'stock-robot': {
    name: 'Stock robot',
    kind: 'non_interactive',
    callbacks: [],
    grants: ['catalogue read:titles', 'orders read:orders', 'orders ship:orders'],
  },
} as const

export const organizations = {
  'hill-street-library': { displayName: 'Hill Street Library', members: ['rosa', 'sven', 'tomasz', 'uma'] },
  'marlow-school': { displayName: 'Marlow School', members: ['uma', 'victor', 'wanjiru'] },
} as const satisfies Record<string, { displayName: string; members: readonly Person[] }>

export const rooms = {
  general: { kind: 'channel', owner: 'amara', members: people.map(([key]) => key), isDefault: true },
  editorial: { kind: 'channel', owner: 'benoit', members: ['carmen', 'dmitri', 'elif', 'farid'] },
  warehouse: { kind: 'channel', owner: 'keiko', members: ['leila', 'mateo', 'nadia'] },
  refunds: { kind: 'group', owner: 'hiroshi', members: ['ines', 'jonas'] },
} as const satisfies Record<
  string,
  { kind: 'channel' | 'group'; owner: Person; members: readonly Person[]; isDefault?: boolean }
>

type PlaceKey = {
  application: keyof typeof applications
  organization: keyof typeof organizations
  room: keyof typeof rooms
}

export type DemoAssignment = {
  role: RoleKey | 'admin' | 'moderator' | 'leader'
  to: readonly Person[]
  /** Default: the workspace. */
  in?: { [K in ScopeKind]: readonly [K, PlaceKey[K]] }[ScopeKind]
  by?: Person
  reason?: string
  expiresInDays?: number
}

/** Whoever gives must be allowed to: `by` is an administrator. */
export const assignments: readonly DemoAssignment[] = [
  { role: 'admin', to: ['amara'], reason: 'Head of IT' },
  { role: 'chief', to: ['benoit'], by: 'amara' },
  { role: 'editor', to: ['carmen', 'dmitri', 'elif'], by: 'amara' },
  { role: 'chief', to: ['carmen'], by: 'amara', reason: 'Stands in for Benoît', expiresInDays: 21 },
  { role: 'reader', to: ['farid', 'greta'], by: 'amara', reason: 'Translation trial', expiresInDays: 90 },
  { role: 'approver', to: ['hiroshi'], by: 'amara', reason: 'Finance' },
  { role: 'refunder', to: ['ines', 'jonas'], by: 'amara' },
  { role: 'clerk', to: ['oluchi', 'pavel', 'quinn'], by: 'amara' },
  { role: 'shipper', to: ['keiko', 'leila', 'mateo', 'nadia'], by: 'amara' },
  { role: 'shipper', to: ['pavel'], by: 'amara', reason: 'Christmas rush', expiresInDays: 14 },
  { role: 'support', to: ['greta'], in: ['application', 'back-office'], by: 'amara', reason: 'First line' },
  { role: 'editor', to: ['xavier'], in: ['application', 'back-office'], by: 'amara', reason: 'Freelance' },
  { role: 'buyer', to: ['rosa'], in: ['organization', 'hill-street-library'], by: 'amara' },
  {
    role: 'buyer',
    to: ['uma'],
    in: ['organization', 'marlow-school'],
    by: 'amara',
    reason: 'Book fund 2027',
  },
  { role: 'moderator', to: ['dmitri'], in: ['room', 'editorial'], by: 'amara' },
  { role: 'leader', to: ['leila'], in: ['room', 'warehouse'], by: 'amara' },
]

export const blocked: readonly Person[] = ['zoltan']

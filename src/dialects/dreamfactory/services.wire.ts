import type { Fields } from './envelope.ts'

/** The services that clients find, in the order of their numbers. Only `system` and `user` are answered here. */
export const services = [
  {
    id: 1,
    name: 'system',
    label: 'System Management',
    description: 'Service for managing system resources.',
    type: 'system',
    deletable: false,
  },
  {
    id: 2,
    name: 'api_docs',
    label: 'Live API Docs',
    description: 'API documenting and testing service.',
    type: 'swagger',
    deletable: false,
  },
  {
    id: 3,
    name: 'files',
    label: 'Local File Storage',
    description: 'Service for accessing local file storage.',
    type: 'local_file',
    deletable: true,
  },
  {
    id: 4,
    name: 'logs',
    label: 'Local Log Storage',
    description: 'Service for accessing local log storage.',
    type: 'local_file',
    deletable: true,
  },
  {
    id: 5,
    name: 'db',
    label: 'Local SQL Database',
    description: 'Service for accessing local database.',
    type: 'sqlite',
    deletable: true,
  },
  {
    id: 6,
    name: 'email',
    label: 'Local Email Service',
    description: 'Email service used for sending user invites and/or password reset confirmation.',
    type: 'local_email',
    deletable: true,
  },
  {
    id: 7,
    name: 'user',
    label: 'User Management',
    description: 'Service for managing system users.',
    type: 'user',
    deletable: false,
  },
] as const

export type Service = (typeof services)[number]

export const serviceTypes = [
  {
    name: 'system',
    label: 'System Management Service',
    description: 'Service for managing system resources.',
    group: 'System',
    config_schema: [],
  },
  {
    name: 'user',
    label: 'User Management Service',
    description: 'User service to allow user management.',
    group: 'User',
    config_schema: [],
  },
  {
    name: 'local_email',
    label: 'Local Email Service',
    description: 'Local email service using system configuration.',
    group: 'Email',
    config_schema: [],
  },
] as const

/** Resources of a service, for who asks its root. */
export const roots = {
  system: [
    'admin',
    'app',
    'cache',
    'constant',
    'cors',
    'custom',
    'email_template',
    'environment',
    'event',
    'event_script',
    'limit',
    'lookup',
    'package',
    'role',
    'script_type',
    'service',
    'service_type',
    'user',
  ],
  user: ['password', 'profile', 'register', 'session', 'custom'],
} as const

export const scriptTypeRecords: readonly Fields[] = [
  {
    name: 'nodejs',
    label: 'Node.js',
    description: 'Server-side JavaScript handler using the Node.js engine.',
    sandboxed: true,
    supports_inline_execution: false,
  },
  {
    name: 'v8js',
    label: 'V8js',
    description: 'Server-side JavaScript handler, synchronous.',
    sandboxed: true,
    supports_inline_execution: true,
  },
]

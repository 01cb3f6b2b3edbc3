import type { Permission } from '../permissions.ts'
import type { BuiltInPermission } from './built-in.ts'

/** What each line below says: the roles that carry the permissions from the start, blank between blank. */
type Line = readonly [defaultRoles: string, names: string]

/** @see specs: §3.4 and §3.5 of the Rocket.Chat dialect, in the answers of 7.x; an order of roles is kept as it is */
const lines: readonly Line[] = [
  ['admin', 'access-permissions access-setting-permissions assign-admin-role assign-roles create-user'],
  ['admin', 'bulk-register-user delete-user edit-other-user-info edit-other-user-password'],
  ['admin', 'edit-other-user-active-status edit-other-user-avatar edit-other-user-e2ee edit-other-user-totp'],
  ['admin', 'logout-other-user user-generate-access-token'],
  ['admin user', 'create-personal-access-tokens'],
  ['admin', 'view-full-other-user-info view-other-user-channels view-user-administration'],
  ['admin', 'manage-moderation-actions view-moderation-console'],
  ['admin user bot app guest', 'view-d-room'],
  ['admin owner moderator user', 'view-outside-room'],
  ['admin', 'send-mail'],
  ['admin bot app', 'api-bypass-rate-limit'],
  ['admin user bot app', 'create-c create-d create-p'],
  ['admin user bot app anonymous', 'view-c-room'],
  ['guest bot app anonymous', 'view-joined-room'],
  ['admin user anonymous guest', 'view-p-room'],
  ['admin user anonymous', 'preview-c-room'],
  ['admin', 'view-room-administration'],
  ['admin owner moderator', 'view-broadcast-member-list'],
  ['admin owner', 'set-owner set-moderator set-leader'],
  ['admin owner moderator', 'add-user-to-joined-room'],
  ['admin', 'add-user-to-any-c-room'],
  ['', 'add-user-to-any-p-room'],
  ['admin', 'add-all-to-room'],
  ['admin owner moderator', 'remove-user'],
  ['admin', 'kick-user-from-any-c-room'],
  ['', 'kick-user-from-any-p-room'],
  ['admin owner moderator', 'ban-user mute-user edit-room'],
  ['admin owner', 'archive-room'],
  ['admin', 'unarchive-room'],
  ['admin owner', 'delete-c delete-p'],
  ['admin', 'delete-d'],
  ['admin user bot anonymous app', 'leave-c leave-p'],
  ['admin bot app', 'join-without-join-code'],
  ['admin owner moderator', 'create-invite-links'],
  ['admin', 'view-privileged-setting edit-privileged-setting get-server-info view-statistics'],
  ['admin', 'add-oauth-service clean-channel-history edit-room-retention-policy manage-assets'],
  ['admin', 'manage-email-inbox manage-emoji manage-user-status manage-outgoing-integrations'],
  ['admin', 'manage-incoming-integrations manage-own-outgoing-integrations'],
  ['admin', 'manage-own-incoming-integrations manage-oauth-apps manage-selected-settings run-import'],
  ['admin', 'run-migration view-device-management view-engagement-dashboard view-join-code view-logs'],
  ['admin', 'mail-messages view-all-teams manage-apps manage-cloud manage-sounds access-mailer'],
  ['admin', 'view-federation-data register-on-cloud test-admin-options sync-auth-services-users'],
  ['admin', 'restart-server remove-slackbridge-links view-import-operations clear-oembed-cache'],
  ['admin owner moderator', 'delete-message edit-message edit-room-avatar add-team-member edit-team-member'],
  ['admin owner moderator', 'move-room-to-team create-team-channel create-team-group delete-team-channel'],
  [
    'admin owner moderator',
    'delete-team-group edit-team-channel remove-team-channel post-readonly pin-message',
  ],
  ['admin owner', 'force-delete-message toggle-room-e2e-encryption delete-team convert-team edit-team'],
  ['admin owner', 'view-all-team-channels set-readonly set-react-when-readonly'],
  [
    'admin user',
    'access-marketplace delete-own-message create-team mobile-upload-file test-push-notifications',
  ],
  ['admin owner moderator user', 'mention-all mention-here videoconf-ring-users call-management'],
  ['admin bot app', 'send-many-messages'],
  ['bot app', 'message-impersonate bypass-time-limit-edit-and-delete'],
]

/**
 * Those that are power in Rolecall itself, and which. All others only mean something to the programs that ask for
 * them, so that whoever may change permissions may give them to any role.
 */
const stands: Readonly<Record<string, readonly Permission[]>> = {
  'access-permissions': [
    'roles:read',
    'roles:create',
    'roles:update',
    'roles:delete',
    'roles:assign',
    'roles:remove',
  ],
  'assign-admin-role': ['roles:assign-admin'],
  'assign-roles': ['roles:assign', 'roles:remove'],
  'create-user': ['users:create'],
  'bulk-register-user': ['users:create'],
  'delete-user': ['users:delete'],
  'edit-other-user-info': ['users:update'],
  'edit-other-user-active-status': ['users:block'],
  'manage-moderation-actions': ['users:block'],
  'logout-other-user': ['sessions:read', 'sessions:delete'],
  'view-full-other-user-info': ['users:read', 'roles:read'],
  'view-other-user-channels': ['rooms:read'],
  'view-d-room': ['users:read-public'],
  'view-room-administration': ['rooms:read'],
  'create-c': ['rooms:open'],
  'create-p': ['rooms:open'],
  'create-team': ['rooms:open'],
  'set-owner': ['rooms:set-owners'],
  'set-moderator': ['rooms:set-moderators'],
  'set-leader': ['rooms:set-leaders'],
  'add-user-to-joined-room': ['rooms:add-members'],
  'add-user-to-any-c-room': ['rooms:add-members'],
  'add-user-to-any-p-room': ['rooms:add-members'],
  'remove-user': ['rooms:remove-members'],
  'kick-user-from-any-c-room': ['rooms:remove-members'],
  'kick-user-from-any-p-room': ['rooms:remove-members'],
  'add-team-member': ['rooms:add-members'],
  'edit-team-member': ['rooms:remove-members'],
  'edit-room': ['rooms:update'],
  'edit-team': ['rooms:update'],
  'archive-room': ['rooms:update'],
  'unarchive-room': ['rooms:update'],
  'delete-c': ['rooms:delete'],
  'delete-p': ['rooms:delete'],
  'delete-team': ['rooms:delete'],
  'view-privileged-setting': ['settings:read'],
  'edit-privileged-setting': ['settings:update'],
  'view-statistics': ['statistics:read'],
  'view-logs': ['events:read'],
  'send-mail': ['mails:send'],
}

const sentence = (name: string): string => {
  const text = name.replaceAll('-', ' ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}`
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '))

const defaultRoles = new Map(
  lines.flatMap(([roles, names]) => words(names).map((name) => [name, words(roles)] as const)),
)

/** The roles that carry the permission from the start, until an administrator says otherwise. */
export const defaultRolesOf = (name: string): readonly string[] => defaultRoles.get(name) ?? []

/** The permissions of the built-in API `chat`: what clients of Rocket.Chat ask for by these names. */
export const chatPermissions: readonly BuiltInPermission[] = [...defaultRoles.keys()].map((name) => ({
  name,
  description: sentence(name),
  stands: stands[name] ?? [],
}))

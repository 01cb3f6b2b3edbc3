import Type from 'typebox'
import { parseScope, type Scope, workspace } from '#core/scope.ts'

/** Where a role holds, as `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`. */
export const ScopeText = Type.String({
  pattern: '^(workspace|(application|organization|room):[\\s\\S]+)$',
  maxLength: 300,
  description: '`workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.',
})

export const ScopeQuery = { scope: Type.Optional(ScopeText) }

/** Reads what the schema has let through. */
export const decodeScope = (text: string | undefined): Scope =>
  text === undefined ? workspace : (parseScope(text) ?? workspace)

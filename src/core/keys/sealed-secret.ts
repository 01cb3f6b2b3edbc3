import { command, query } from '../operation.ts'

/** Names of secrets that doors keep between starts. */
export type SecretName = 'dreamfactory-sessions'

const settingOf = (name: SecretName): string => `internal:secret:${name}`
const contextOf = (name: SecretName): string => `secret ${name}`

/** Undefined until it is made. */
export const readSealedSecret = query<{ name: SecretName }, string | undefined>({
  name: 'read sealed secret',
  needs: 'settings:update',
  run: async ({ settings }, { name }, _actor, { sealer }) => {
    const kept = await settings.get(settingOf(name))
    return typeof kept?.sealed === 'string' ? sealer.open(kept.sealed, contextOf(name)) : undefined
  },
})

/** Makes the secret unless it is there: of several that start at once, all keep the first one's. */
export const ensureSealedSecret = command<{ name: SecretName }, void, { sealed: string }>({
  name: 'ensure sealed secret',
  needs: 'settings:update',
  prepare: async ({ name }, { newSecret, sealer }) => ({
    sealed: sealer.seal(newSecret(32), contextOf(name)),
  }),
  run: async (tx, { name }, _actor, { sealed }) => {
    if (!(await tx.settings.get(settingOf(name)))) await tx.settings.put(settingOf(name), { sealed })
  },
})

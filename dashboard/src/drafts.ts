/** What is typed and not saved, for as long as this tab is open and nobody signs out on it. */

const keyOf = (name: string): string => `rolecall-draft ${name}`

export const readDraft = (name: string): string | undefined =>
  sessionStorage.getItem(keyOf(name)) ?? undefined

/** Undefined forgets it. */
export const keepDraft = (name: string, text: string | undefined): void => {
  if (text === undefined) sessionStorage.removeItem(keyOf(name))
  else sessionStorage.setItem(keyOf(name), text)
}

export const forgetDrafts = (): void => {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(keyOf(''))) sessionStorage.removeItem(key)
  }
}

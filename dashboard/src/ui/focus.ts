import { useEffect, useState } from 'react'

/** Where the keyboard last was outside of what comes and goes: a menu is gone before what it opens is drawn. */
let lastPlace: HTMLElement | undefined

/** From the start, for what leads back is itself fetched when it is first opened. */
export const followFocus = (): void => {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && !target.closest('[role=menu], [role=dialog]')) lastPlace = target
  })
}

/** Leads the keyboard back to where it was when this was drawn: to the button of a menu, where it was in one. */
export const useFocusBack = (): void => {
  const [from] = useState(() => lastPlace)
  useEffect(
    () => () => {
      // Once what is closed is gone, and nobody has gone elsewhere meanwhile.
      setTimeout(() => {
        if (document.activeElement === null || document.activeElement === document.body) from?.focus()
      })
    },
    [from],
  )
}

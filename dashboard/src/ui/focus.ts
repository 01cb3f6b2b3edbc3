import { useEffect, useState } from 'react'

/** Leads the keyboard back to where it was when this was drawn: to the button of a menu, where it was in one. */
export const useFocusBack = (): void => {
  const [from] = useState(() => lastingPlace(document.activeElement))
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

const lastingPlace = (element: Element | null): HTMLElement | undefined => {
  const menu = element?.closest('[role=menu]')
  const place = menu ? document.querySelector(`[aria-controls="${CSS.escape(menu.id)}"]`) : element
  return place instanceof HTMLElement ? place : undefined
}

import { type ReactElement, type ReactNode, Suspense, useEffect, useState } from 'react'

/**
 * A button whose menu is fetched when it is first pressed, and drawn only from then on: a table has many of them.
 * @param button draws the button, with what it needs to open the menu
 * @param menu draws the opened menu around its button, which takes the place and the focus of the one that was pressed
 */
export const MenuButton = ({
  button,
  menu,
}: {
  button: (opening: object) => ReactElement
  menu: (button: ReactElement) => ReactNode
}) => {
  const [isPressed, setPressed] = useState(false)
  const closed = button({
    onClick: () => setPressed(true),
    'aria-haspopup': 'menu',
    'aria-expanded': false,
  })
  return isPressed ? <Suspense fallback={closed}>{menu(button({ autoFocus: true }))}</Suspense> : closed
}

/** For that menu: it opens once its button is there, so that closing it leads the keyboard back to the button. */
export const useOpening = (): { opened: boolean; onChange: (opened: boolean) => void } => {
  const [opened, onChange] = useState(false)
  useEffect(() => onChange(true), [])
  return { opened, onChange }
}

import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/ui.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './routes.tsx'
import { queryClient } from './server.ts'
import { LanguageProvider } from './text/language.tsx'
import { readable, theme } from './theme.ts'
import { followFocus } from './ui/focus.ts'

/** Nothing is to be told before something was done: it follows the first page. */
const Notifications = lazy(() => import('@mantine/notifications').then((m) => ({ default: m.Notifications })))

/** The page's own, which styles must carry that are made at run time. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
// The library that locks scrolling behind dialogs looks for it here.
Object.assign(globalThis, { __webpack_nonce__: nonce })

followFocus()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={readable}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <LanguageProvider>
          <Suspense>
            <Notifications position="bottom-right" limit={4} />
          </Suspense>
          <RouterProvider router={router} />
        </LanguageProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
)

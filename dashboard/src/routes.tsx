import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import { PageBroke, PageLoading, PageMissing } from './shell/faults.tsx'

/** Each page is fetched when it is first opened; the frame around them is there from the beginning. */

const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing })

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
})

type Module = Record<string, unknown>

/** Pages within the frame, for people who are signed in. */
const inside: readonly (readonly [path: string, load: () => Promise<Module>, name: string])[] = [
  ['/', () => import('./pages/home.tsx'), 'Home'],
  ['/users', () => import('./pages/users.tsx'), 'Users'],
  ['/users/$userId/$tab', () => import('./pages/user.tsx'), 'User'],
  ['/roles', () => import('./pages/roles.tsx'), 'Roles'],
  ['/roles/$roleId/$tab', () => import('./pages/role.tsx'), 'Role'],
  ['/applications', () => import('./pages/applications.tsx'), 'Applications'],
  ['/applications/$applicationId/$tab', () => import('./pages/application.tsx'), 'Application'],
  ['/apis', () => import('./pages/apis.tsx'), 'Apis'],
  ['/apis/$apiId/$tab', () => import('./pages/api.tsx'), 'Api'],
  ['/organizations', () => import('./pages/organizations.tsx'), 'Organizations'],
  ['/organizations/$placeId/$tab', () => import('./pages/place.tsx'), 'Organization'],
  ['/rooms', () => import('./pages/rooms.tsx'), 'Rooms'],
  ['/rooms/$placeId/$tab', () => import('./pages/place.tsx'), 'Room'],
  ['/registration/$tab', () => import('./pages/registration.tsx'), 'Registration'],
  ['/hooks/$tab', () => import('./pages/hooks.tsx'), 'Hooks'],
  ['/hooks/library/$hookId/$tab', () => import('./pages/hook.tsx'), 'Hook'],
  ['/hooks/executions/$executionId', () => import('./pages/execution.tsx'), 'Execution'],
  ['/settings/$tab', () => import('./pages/settings.tsx'), 'Settings'],
  ['/activity', () => import('./pages/activity.tsx'), 'Activity'],
  ['/explain', () => import('./pages/explain.tsx'), 'Explain'],
  ['/me', () => import('./pages/me.tsx'), 'Me'],
]

const page = (
  parent: typeof root | typeof frame,
  [path, load, name]: readonly [string, () => Promise<Module>, string],
) =>
  createRoute({
    getParentRoute: () => parent,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name),
  })

export const router = createRouter({
  routeTree: root.addChildren([
    frame.addChildren(inside.map((each) => page(frame, each))),
    page(root, ['/sign-in', () => import('./pages/sign-in.tsx'), 'SignIn']),
    page(root, ['/set-up', () => import('./pages/set-up.tsx'), 'SetUp']),
  ]),
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageBroke,
  defaultNotFoundComponent: PageMissing,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Plain texts: what is in the address reads as it was typed.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString()
    return text === '' ? '' : `?${text}`
  },
})

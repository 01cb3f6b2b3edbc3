import {
  type ServiceName,
  type ServiceVerb,
  servicePermission,
  serviceResources,
  serviceVerbs,
} from '../apis/services.ts'
import type { Json } from '../json.ts'

/** What a role may ask a service of the DreamFactory dialect for. */
export type ServiceAccess = {
  number: number
  id: string
  roleId: string
  /** The service's number; absent for all services. */
  serviceNumber?: number
  /** A path within the service, perhaps with `*`; absent for the service's root. */
  component?: string
  /** See `verbBits`. */
  verbMask: number
  /** See `requestorBits`. */
  requestorMask: number
  /** For services over data; means nothing for ours and is kept. */
  filters: Json
  filterOp: 'AND' | 'OR'
  createdAt: number
  updatedAt: number
}

export const verbBits = {
  GET: 1,
  POST: 2,
  PUT: 4,
  PATCH: 8,
  DELETE: 16,
  OPTIONS: 32,
  HEAD: 64,
} as const satisfies Record<ServiceVerb, number> & Record<string, number>

/** Whether the request comes from outside, or from an event script on behalf of one. */
export type Requestor = 'api' | 'script'
export const requestorBits = { api: 1, script: 2 } as const satisfies Record<Requestor, number>

/** Numbers are public: rows name services by them. */
export const serviceNumbers = { system: 1, user: 7 } as const satisfies Record<ServiceName, number>

type Row = Pick<ServiceAccess, 'serviceNumber' | 'component' | 'verbMask' | 'requestorMask'>

/** Without what stands in parentheses, and without slashes around it. */
const plain = (component: string | undefined): string =>
  (component ?? '')
    .toLowerCase()
    .replaceAll(/\([^)]*\)/gu, '')
    .replaceAll(/^\/+|\/+$/gu, '')

/** How closely a row matches, 0 for not at all. Of those that match, only the closest count. */
const closeness = (row: Row, serviceNumber: number, path: string): 0 | 1 | 2 | 3 | 4 => {
  const component = plain(row.component)
  if (row.serviceNumber === undefined) return component === '*' || (component === '' && path === '') ? 1 : 0
  if (row.serviceNumber !== serviceNumber) return 0
  if (component === '*') return 2
  if (component === path || sameSegments(component, path)) return 4
  const star = component.indexOf('*')
  return star > 0 && `${path}/`.startsWith(component.slice(0, star)) ? 3 : 0
}

/** `_table/{x}` stands for one segment of any name. */
const sameSegments = (component: string, path: string): boolean => {
  if (!component.includes('{')) return false
  const [wanted, given] = [component.split('/'), path.split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => /^\{[^}]*\}$/u.test(segment) || segment === given[at])
  )
}

export type ServiceRequest = { service: ServiceName; path: string; verb: ServiceVerb; requestor: Requestor }

/** Whether one role's rows let a request through: the closest rows that match decide together. */
export const allows = (rows: readonly Row[], { service, path, verb, requestor }: ServiceRequest): boolean => {
  let [closest, mask] = [0, 0]
  for (const row of rows) {
    if ((row.requestorMask & requestorBits[requestor]) === 0) continue
    const level = closeness(row, serviceNumbers[service], plain(path))
    if (level === 0 || level < closest) continue
    mask = level > closest ? row.verbMask : mask | row.verbMask
    closest = level
  }
  return (mask & verbBits[verb]) !== 0
}

/** The permissions that rows can let through at most: what whoever writes such a row gives out. */
export const permissionsOfRows = (rows: readonly Row[]): Set<string> => {
  const names = new Set<string>()
  for (const row of rows) {
    if ((row.requestorMask & (requestorBits.api | requestorBits.script)) === 0) continue
    for (const service of ['system', 'user'] as const) {
      if (row.serviceNumber !== undefined && row.serviceNumber !== serviceNumbers[service]) continue
      for (const resource of serviceResources(service)) {
        if (!reaches(row.component, resource)) continue
        for (const verb of serviceVerbs) {
          if ((row.verbMask & verbBits[verb]) !== 0) names.add(servicePermission(service, resource, verb)!)
        }
      }
    }
  }
  return names
}

/** Whether a row's component can match anything of the resource. */
const reaches = (written: string | undefined, resource: string): boolean => {
  const component = plain(written)
  if (component === '*' || component === resource) return true
  if (resource === '') return false
  if (component.startsWith('{')) return true
  const star = component.indexOf('*')
  const prefix = star < 0 ? component : component.slice(0, star)
  return prefix.startsWith(`${resource}/`) || (star > 0 && `${resource}/`.startsWith(prefix))
}

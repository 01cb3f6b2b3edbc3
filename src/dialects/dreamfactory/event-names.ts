import type { ServiceVerb } from '#core/apis/services.ts'
import type { Resource } from './routes.ts'

/** What a script can be bound to: `before` and `after` a request is handled, or beside it. */
const suffixes = ['', '.pre_process', '.post_process', '.queued'] as const

/** `system.user`, `system.user.{id}`. */
export const eventPath = ({ service, path, hasId }: Pick<Resource, 'service' | 'path' | 'hasId'>): string =>
  [service, ...path.split('/').filter((part) => part !== ''), ...(hasId ? ['{id}'] : [])].join('.')

/** What is addressed by an id is known by two names; the one that says so comes first. */
export const eventNames = (
  resource: Pick<Resource, 'service' | 'path' | 'hasId'>,
  verb: ServiceVerb,
): string[] => {
  const paths = resource.hasId ? [resource, { ...resource, hasId: false }] : [resource]
  return paths.map((each) => `${eventPath(each)}.${verb.toLowerCase()}`)
}

export const variantsOf = (name: string): string[] => suffixes.map((suffix) => `${name}${suffix}`)

export type ListedEvents = { path: string; endpoints: string[]; parameter: string | null }

/** The events of a service, from what it answers: what is listed fires, and what fires is listed. */
export const listEvents = (
  resources: readonly Resource[],
  service: Resource['service'],
  isScriptable: boolean,
): ListedEvents[] =>
  resources
    .filter((resource) => resource.service === service)
    .map((resource) => ({
      path: eventPath(resource),
      endpoints: (Object.keys(resource.verbs) as ServiceVerb[]).flatMap((verb) => {
        const name = `${eventPath(resource)}.${verb.toLowerCase()}`
        return isScriptable ? variantsOf(name) : [name]
      }),
      parameter: resource.hasId ? 'id' : null,
    }))

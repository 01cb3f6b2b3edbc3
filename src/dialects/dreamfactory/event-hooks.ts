import type { DreamFactoryParts } from './parts.ts'
import type { Answer, Call, Handler, Resource } from './routes.ts'

type Scripted = Answer & { headers?: Record<string, string> }

/** Runs the event scripts around a request. */
export const runScripts = async (
  _parts: DreamFactoryParts,
  _resource: Resource,
  call: Call,
  handle: Handler,
): Promise<Scripted> => handle(call)

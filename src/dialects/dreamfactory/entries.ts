import type { ShownEntry } from '#core/entries/entry.ts'
import { getEntry, listEntries, listOwnEntries } from '#core/entries/read.ts'
import {
  deleteEntries,
  deleteEntry,
  deleteOwnEntries,
  type EntryRef,
  saveEntries,
  saveEntry,
  saveOwnEntries,
} from '#core/entries/write.ts'
import type { Filter } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import type { User } from '#core/users/user.ts'
import { decodeCustom, type EntryResource, entryResources, shapeOf } from './entries.wire.ts'
import { decodeId, type Fields, isFields, recordOf, recordsOf, requireRecords, wrapper } from './envelope.ts'
import { WireError } from './errors.ts'
import { decodeListing, mostRecords } from './paging.ts'
import type { DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'
import {
  answerBatch,
  answerList,
  batchItems,
  batchMode,
  decodeEach,
  foundOrFail,
  notFound,
  requireRelations,
  showRead,
  showWritten,
} from './results.ts'
import { type Call, defineResource, type Handler } from './routes.ts'

/** @see specs: §3.8, §3.13, §3.14 and §3.16 of the DreamFactory dialect */
export const entryRoutes: DreamFactoryRoutes = async (app, parts) => {
  for (const resource of entryResources) {
    const { path, summary } = resource
    const handlers = entryHandlers(parts, resource)
    defineResource(app, parts, { service: 'system', path, summary, verbs: handlers.collection })
    defineResource(app, parts, { service: 'system', path, hasId: true, summary, verbs: handlers.single })
  }
  const own = ownCustom(parts)
  const summary = 'Values of somebody’s own'
  defineResource(app, parts, { service: 'user', path: 'custom', summary, verbs: own.collection })
  defineResource(app, parts, { service: 'user', path: 'custom', hasId: true, summary, verbs: own.single })
}

const entryHandlers = ({ run }: DreamFactoryParts, resource: EntryResource) => {
  const { kind, primaryKey, columns } = resource
  const shape = shapeOf(resource)

  /** @throws WireError */
  const refOf = (value: unknown, what: string): EntryRef => {
    if (primaryKey === 'name') {
      if (typeof value === 'string' && value !== '') return { name: value }
    } else {
      const number = decodeId(value)
      if (number !== undefined) return { number }
      if (typeof value === 'string' && value !== '') throw notFound(value)
    }
    throw new WireError(400, `Identifying field "${primaryKey}" can not be empty for ${what} request . `)
  }

  const readIds = async ({ options, actor }: Call, ids: readonly string[]): Promise<ShownEntry[]> => {
    const named: Filter[] = ids.flatMap((id) => {
      if (primaryKey === 'name') return { field: 'name', is: 'equal', value: id, ignoreCase: true }
      const number = decodeId(id)
      return number === undefined ? [] : { field: 'number', is: 'equal', value: number }
    })
    const listing = { filter: { any: named }, limit: Math.max(1, ids.length) }
    const { items } = await run(listEntries, { kind, listing }, actor)
    const keyOf = (id: unknown) => String(id).trim().toLowerCase()
    const byKey = new Map(items.map((entry) => [keyOf(shape.encode(entry)[primaryKey]), entry]))
    return foundOrFail(
      ids,
      (id) => byKey.get(keyOf(id)),
      (entry) => showRead(entry, options, shape),
      options,
    )
  }

  /** The primary keys that a call to the collection names; undefined where it has records instead. */
  const keysOf = async ({ options, actor, caller }: Call): Promise<readonly unknown[] | undefined> => {
    if (options.ids || options.filter === undefined) return options.ids
    const listing = decodeListing(options, columns, caller.user?.number)
    const { items } = await run(listEntries, { kind, listing: { ...listing, limit: mostRecords } }, actor)
    return items.map((entry) => shape.encode(entry)[primaryKey])
  }

  const read: Handler = async (call) => {
    const { options, actor } = call
    requireRelations(options, shape)
    if (options.ids) return answerList(await readIds(call, options.ids), options, shape)
    const listing = decodeListing(options, columns, call.caller.user?.number)
    const { items, total } = await run(listEntries, { kind, listing: { ...listing, total: true } }, actor)
    return answerList(items, options, shape, total)
  }

  const readOne: Handler = async ({ id, options, actor }) => {
    requireRelations(options, shape)
    const entry = await run(getEntry, { kind, ref: refOf(id, 'retrieve') }, actor)
    return { body: kind === 'custom' ? (entry.data.value ?? null) : showRead(entry, options, shape) }
  }

  const create: Handler = async ({ body, options, actor }) => {
    requireRelations(options, shape)
    const decoded = decodeEach(requireRecords(body), (record) => ({ kind, ...resource.decode(record, true) }))
    const result = await run(saveEntries, { items: batchItems(decoded), mode: batchMode(options) }, actor)
    const show = (entry: ShownEntry) => showWritten(entry, options, shape)
    return { status: 201, body: { [wrapper]: answerBatch(result, decoded, 'created', show) } }
  }

  const update: Handler = async (call) => {
    const { body, options, actor } = call
    requireRelations(options, shape)
    const keys = await keysOf(call)
    const records = keys
      ? keys.map((id) => [id, recordsOf(body)?.[0] ?? recordOf(body)] as const)
      : requireRecords(body).map(
          (record) => [isFields(record) ? record[primaryKey] : undefined, record] as const,
        )
    const decoded = decodeEach(records, (each) => {
      const [id, record] = each as (typeof records)[number]
      return { kind, ref: refOf(id, 'update'), ...resource.decode(record, false) }
    })
    const result = await run(saveEntries, { items: batchItems(decoded), mode: batchMode(options) }, actor)
    const show = (entry: ShownEntry) => showWritten(entry, options, shape)
    return { body: { [wrapper]: answerBatch(result, decoded, 'updated', show) } }
  }

  const remove: Handler = async (call) => {
    const { body, options, actor } = call
    requireRelations(options, shape)
    const ids =
      (await keysOf(call)) ??
      recordsOf(body)?.map((record) => (isFields(record) ? record[primaryKey] : record))
    if (!ids || ids.length === 0) {
      throw new WireError(400, 'No filter or records given for delete request.')
    }
    const decoded = decodeEach(ids, (id) => ({ kind, ref: refOf(id, 'delete') }))
    const result = await run(deleteEntries, { items: batchItems(decoded), mode: batchMode(options) }, actor)
    const show = (entry: ShownEntry) => showWritten(entry, options, shape)
    return { body: { [wrapper]: answerBatch(result, decoded, 'deleted', show) } }
  }

  const updateOne: Handler = async ({ id, body, options, actor }) => {
    requireRelations(options, shape)
    const input = { kind, ref: refOf(id, 'update'), ...resource.decode(recordOf(body), false) }
    return { body: showWritten(await run(saveEntry, input, actor), options, shape) }
  }

  const removeOne: Handler = async ({ id, options, actor }) => ({
    body: showWritten(await run(deleteEntry, { kind, ref: refOf(id, 'delete') }, actor), options, shape),
  })

  /** Scripts are made by name: 201 when it is new, 200 when there was one. */
  const put: Handler = async ({ id, body, options, actor }) => {
    if (kind !== 'event-script') {
      throw new WireError(400, 'Create record by identifier not currently supported.')
    }
    const there = await run(getEntry, { kind, ref: { name: id } }, actor).catch(ifMissing)
    const given = resource.decode({ ...recordOf(body), name: id }, there === undefined)
    const saved = await run(saveEntry, { kind, ref: { name: id }, upsert: true, ...given }, actor)
    return { status: saved.isNew ? 201 : 200, body: showWritten(saved, options, shape) }
  }

  return {
    collection: { GET: read, POST: create, PUT: update, PATCH: update, DELETE: remove },
    single: { GET: readOne, POST: put, PUT: updateOne, PATCH: updateOne, DELETE: removeOne },
  }
}

const ifMissing = (error: unknown): undefined => {
  if (error instanceof DomainError && error.refusal.code === 'not_found') return undefined
  throw error
}

/** @throws WireError */
const requireOwner = ({ caller }: Call): User => {
  if (caller.user) return caller.user
  throw new WireError(401, 'There is no valid session for the current request.')
}

const ownCustom = ({ run }: DreamFactoryParts) => {
  const kind = 'custom'
  const ownActor = (user: User) => ({ kind: 'user' as const, id: user.id, door: 'dreamfactory' as const })
  const list = async (call: Call) => {
    const user = requireOwner(call)
    const listing = { limit: 1000 }
    return (await run(listOwnEntries, { userId: user.id, kind, listing }, ownActor(user))).items
  }
  const encode = (entry: ShownEntry): Fields => ({
    name: entry.name,
    value: entry.data.value ?? null,
    created_date: new Date(entry.createdAt).toISOString().slice(0, 19).replace('T', ' '),
    last_modified_date: new Date(entry.updatedAt).toISOString().slice(0, 19).replace('T', ' '),
  })
  const save = async (call: Call, records: readonly unknown[], isNew: boolean) => {
    const user = requireOwner(call)
    const entries = records.map((record) => decodeCustom(record, isNew))
    return run(saveOwnEntries, { userId: user.id, kind, entries }, ownActor(user))
  }
  const names = (entries: readonly ShownEntry[]) => ({ [wrapper]: entries.map(({ name }) => ({ name })) })
  const read: Handler = async (call) => ({ body: { [wrapper]: (await list(call)).map(encode) } })
  const readOne: Handler = async (call) => {
    const entry = (await list(call)).find(({ name }) => name.toLowerCase() === call.id.toLowerCase())
    if (!entry) throw notFound(call.id)
    return { body: entry.data.value ?? null }
  }
  const create: Handler = async (call) => ({
    status: 201,
    body: names(await save(call, requireRecords(call.body), true)),
  })
  const update: Handler = async (call) => ({
    body: names(await save(call, requireRecords(call.body), true)),
  })
  const updateOne: Handler = async (call) => {
    const [saved] = await save(call, [{ ...recordOf(call.body), name: call.id }], true)
    return { body: { name: saved!.name } }
  }
  const remove = async (call: Call, wanted: readonly string[]) => {
    const user = requireOwner(call)
    return run(deleteOwnEntries, { userId: user.id, kind, names: wanted }, ownActor(user))
  }
  return {
    collection: {
      GET: read,
      POST: create,
      PUT: update,
      PATCH: update,
      DELETE: (async (call) => {
        const ids =
          call.options.ids ?? recordsOf(call.body)?.map((each) => String(isFields(each) ? each.name : each))
        if (!ids || ids.length === 0) {
          throw new WireError(400, 'No filter or records given for delete request.')
        }
        return { body: names(await remove(call, ids)) }
      }) satisfies Handler,
    },
    single: {
      GET: readOne,
      PUT: updateOne,
      PATCH: updateOne,
      DELETE: (async (call) => {
        await remove(call, [call.id])
        return { body: { name: call.id } }
      }) satisfies Handler,
    },
  }
}

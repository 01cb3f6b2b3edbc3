import { listApplicationsWithParts } from '#core/applications/parts.ts'
import {
  createApplicationsWithParts,
  deleteApplicationByRef,
  deleteApplicationsByRef,
  updateApplicationsWithParts,
  updateApplicationWithParts,
} from '#core/applications/save.ts'
import {
  type AppWriting,
  appColumns,
  appParts,
  appShape,
  decodeAppChanges,
  decodeNewApp,
} from './apps.wire.ts'
import { isTrue } from './options.ts'
import type { DreamFactoryRoutes } from './parts.ts'
import { recordHandlers } from './records.ts'
import { type Call, defineResource } from './routes.ts'

/** @see specs: §3.11 of the DreamFactory dialect */
export const appRoutes: DreamFactoryRoutes = async (app, parts) => {
  const { run, now } = parts
  const writing = ({ caller, options }: Call): AppWriting => ({
    replacesHeld: false,
    by: caller.user?.number,
    parts: appParts(options.related),
  })
  const { collection, single } = recordHandlers({
    shape: appShape(now),
    columns: appColumns,
    list: ({ options, actor }, listing) =>
      run(listApplicationsWithParts, { listing, parts: appParts(options.related), withSecrets: true }, actor),
    decodeNew: (record, call) => decodeNewApp(record, writing(call)),
    decodeChanges: (record, number, call) =>
      decodeAppChanges(record, number, writing(call), isTrue(call.options.raw.regenerate)),
    decodeRemoval: (number, call) => ({ ref: { number }, parts: appParts(call.options.related) }),
    create: (batch, { actor }) => run(createApplicationsWithParts, batch, actor),
    update: (batch, { actor }) => run(updateApplicationsWithParts, batch, actor),
    updateOne: (input, { actor }) => run(updateApplicationWithParts, input, actor),
    remove: (batch, { actor }) => run(deleteApplicationsByRef, batch, actor),
    removeOne: (input, { actor }) => run(deleteApplicationByRef, input, actor),
  })
  defineResource(app, parts, { service: 'system', path: 'app', summary: 'Apps', verbs: collection })
  defineResource(app, parts, { service: 'system', path: 'app', hasId: true, summary: 'Apps', verbs: single })
}

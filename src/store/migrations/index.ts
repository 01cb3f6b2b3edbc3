import { type Kysely, sql } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { init } from './0001-init.ts'
import { signIn } from './0002-sign-in.ts'
import { mail } from './0003-mail.ts'
import { secondFactors } from './0004-second-factors.ts'
import { registration } from './0005-registration.ts'
import { hooks } from './0006-hooks.ts'
import { dreamfactory } from './0007-dreamfactory.ts'
import { chat } from './0008-chat.ts'
import { expiry } from './0009-expiry.ts'
import { passwordPolicy } from './0010-password-policy.ts'
import { planning } from './0011-statistics.ts'
import { ddl } from './dialect.ts'

type Migration = (engine: Engine['name']) => (db: Kysely<unknown>) => Promise<void>

/** In the order they are taken. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-init': init,
  '0002-sign-in': signIn,
  '0003-mail': mail,
  '0004-second-factors': secondFactors,
  '0005-registration': registration,
  '0006-hooks': hooks,
  '0008-chat': chat,
  '0007-dreamfactory': dreamfactory,
  '0009-expiry': expiry,
  '0010-password-policy': passwordPolicy,
  '0011-statistics': planning,
}

/**
 * Brings the schema up to date, all of it or nothing, and names the steps that were taken, oldest first. Concurrent
 * calls wait. Steps that a later release took are left alone: its schema serves this one too.
 */
export const migrate = async (engine: Engine): Promise<string[]> => {
  await engine.begin('schema')
  try {
    const taken = await takeSteps(engine)
    await engine.commit()
    await engine.flush()
    return taken
  } catch (error) {
    await engine.abandon()
    throw error
  }
}

const takeSteps = async ({ name: engine, writer }: Engine): Promise<string[]> => {
  const { text, end } = ddl(engine)
  await sql.raw(`create table if not exists migrations (name ${text} primary key) ${end}`).execute(writer)
  const rows = await writer.selectFrom('migrations').select('name').execute()
  const taken = new Set(rows.map(({ name }) => name))
  const missing = Object.entries(migrations).filter(([name]) => !taken.has(name))
  for (const [name, step] of missing) {
    await step(engine)(writer as Kysely<unknown>)
    await writer.insertInto('migrations').values({ name }).execute()
  }
  return missing.map(([name]) => name)
}

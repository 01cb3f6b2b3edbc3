import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { randomToken } from '#crypto/digests.ts'
import { readConfig } from '../config.ts'
import { reporting } from './command.ts'
import { domain } from './demo-data.ts'
import { fillWithDemo } from './demo-fill.ts'
import { serve } from './serve.ts'

export const addDemo = (program: Command): void => {
  program
    .command('demo')
    .description('start a server filled with sample data, in a directory that goes with it')
    .action(async () => {
      await reporting({}, demo)
      if (process.exitCode) process.exit()
    })
}

/** In the data directory that the environment names, where it names one: then the sample stays. */
const demo = async (): Promise<void> => {
  const { ROLECALL_DATA_DIR: kept, ROLECALL_DATABASE_URL: database } = process.env
  const directory = kept || database ? undefined : await mkdtemp(join(tmpdir(), 'rolecall-demo-'))
  const password = `${randomToken(9)}-Aa1`
  const clientSecret = randomToken(24)
  try {
    const config = readConfig({
      ROLECALL_ADMIN_EMAIL: `root@${domain}`,
      ROLECALL_ADMIN_PASSWORD: password,
      ROLECALL_CLIENT_ID: 'demo',
      ROLECALL_CLIENT_SECRET: clientSecret,
      ...(directory !== undefined && { ROLECALL_DATA_DIR: directory }),
      ...given(process.env),
    })
    await serve(config, {
      prepare: async ({ run }) => {
        const isNew = await fillWithDemo(run, password)
        console.log(
          isNew
            ? `Everybody's password is ${password}; ${config.admin?.email} administers.\nClient ${config.client?.id}, secret ${config.client?.secret}, may do everything.`
            : 'The sample was there already, with the passwords it was made with.',
        )
      },
      afterwards: () => cleanUp(directory),
    })
  } catch (error) {
    await cleanUp(directory)
    throw error
  }
}

/** Empty counts as unset, as everywhere. */
const given = (env: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(env).filter(([, value]) => value))

const cleanUp = async (directory: string | undefined): Promise<void> => {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true })
}

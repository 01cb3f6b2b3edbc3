import { type Command, Option } from 'commander'
import { systemActor } from '#core/actor.ts'
import { openWorkspace, type Workspace } from '../compose/workspace.ts'
import { realWorld } from '../compose/world.ts'
import { readConfig } from '../config.ts'
import { faultOf } from './faults.ts'
import { createOutput, type Output } from './output.ts'

/** The command line acts for whoever can read the data directory: he could do anything with it anyway. */
export const operator = systemActor('cli')

/** Every command knows `--json`. */
export const withJson = (command: Command): Command =>
  command.addOption(new Option('--json', 'answer in JSON, for machines'))

/** Opens the workspace that the environment names, lets a command work with it, and closes it. */
export const inWorkspace = async (
  { json = false }: { json?: boolean },
  work: (workspace: Workspace, output: Output) => Promise<void>,
): Promise<void> => {
  const output = createOutput({ json })
  await reporting({ json }, async () => {
    const config = readConfig(process.env)
    const workspace = await openWorkspace(config, realWorld('warn'), { mapsFile: false })
    try {
      await work(workspace, output)
    } finally {
      await workspace.close()
    }
  })
}

/** Tells a failure in one line, and which kind it was by the exit code. */
export const reporting = async (
  { json = false }: { json?: boolean },
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work()
  } catch (error) {
    const fault = faultOf(error)
    if (!fault) throw error
    process.exitCode = fault.exitCode
    console.error(json ? JSON.stringify({ error: fault.error }) : fault.sentence)
  }
}

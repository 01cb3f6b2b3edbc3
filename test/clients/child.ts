import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestServer } from '#test/harness/server.ts'

/**
 * Runs a script in a process that trusts the server's authority, without proxies or other settings of this machine.
 * @returns what it printed
 * @throws with what it printed to stderr when it fails or takes longer than two minutes
 */
export const runTrusting = async (
  { ca, domain }: Pick<TestServer, 'ca' | 'domain'>,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> => {
  const caPath = join(tmpdir(), `rolecall-ca-${domain.replaceAll(/\W/gu, '-')}.pem`)
  await writeFile(caPath, ca)
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, ...args],
      {
        env: { PATH: process.env.PATH, HOME: tmpdir(), NODE_EXTRA_CA_CERTS: caPath, ...env },
        timeout: 600_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) =>
        error ? reject(new Error(`${error.message}\n${stderr}\n${stdout}`)) : resolve(stdout),
    )
  })
}

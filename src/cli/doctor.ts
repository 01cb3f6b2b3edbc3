import { X509Certificate } from 'node:crypto'
import { access, constants, mkdir, readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkMailServer } from '#mail/transport.ts'
import { checkDatabase } from '#store/check.ts'
import { openDatabase } from '../compose/database.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { withJson } from './command.ts'
import { createOutput } from './output.ts'

type Finding = { check: string; verdict: 'good' | 'look' | 'bad'; found: string; mend?: string }

export const addDoctor = (program: Command): void => {
  withJson(
    program.command('doctor').description('check configuration, database, mail, clock and certificate'),
  ).action(async ({ json = false }: { json?: boolean }) => {
    const findings = await examine()
    createOutput({ json }).show(findings, ['check', 'verdict', 'found', 'mend'])
    if (findings.some(({ verdict }) => verdict === 'bad')) process.exitCode = 1
  })
}

const examine = async (): Promise<Finding[]> => {
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [
      { check: 'configuration', verdict: 'bad', found: error.message, mend: `Set ${error.variable} anew.` },
    ]
  }
  const checks = { 'data directory': dataDirectory, database, clock, certificate, mail }
  const findings: Finding[] = [configuration(config)]
  for (const [check, look] of Object.entries(checks)) {
    const finding = await look(config).catch((error: Error) => ({
      verdict: 'bad' as const,
      found: error.message,
      mend: 'Mend what the message names, then look again.',
    }))
    findings.push({ check, ...finding })
  }
  return findings
}

type Look = (config: Config) => Promise<Omit<Finding, 'check'>>

const configuration = ({ warnings, publicUrls }: Config): Finding => ({
  check: 'configuration',
  verdict: warnings.length > 0 ? 'look' : 'good',
  found: warnings.length > 0 ? warnings.join(' ') : `issuer ${publicUrls[0]}/`,
  ...(warnings.length > 0 && { mend: 'Correct or remove what is named.' }),
})

const dataDirectory: Look = async ({ dataDir }) => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await access(dataDir, constants.R_OK | constants.W_OK)
  const { mode } = await stat(dataDir)
  if ((mode & 0o077) === 0) return { verdict: 'good', found: dataDir }
  return { verdict: 'look', found: `${dataDir} can be entered by others`, mend: `chmod 700 ${dataDir}` }
}

const database: Look = async (config) => {
  const engine = await openDatabase(config)
  try {
    const { engine: name, version, faults } = await checkDatabase(engine, Date.now)
    if (faults.length === 0) return { verdict: 'good', found: `${name} ${version}` }
    return {
      verdict: 'bad',
      found: faults.join(' '),
      mend: 'Restore the last backup into an empty data directory.',
    }
  } finally {
    await engine.close()
  }
}

const skewLimitMilliseconds = 2000

/** Tokens and expiries go by the clock; a database on another machine shows whether ours is right. */
const clock: Look = async (config) => {
  const engine = await openDatabase(config)
  try {
    const { clockSkewMilliseconds } = await checkDatabase(engine, Date.now)
    const found = new Date().toISOString()
    if (clockSkewMilliseconds === undefined || Math.abs(clockSkewMilliseconds) < skewLimitMilliseconds) {
      return { verdict: 'good', found }
    }
    const seconds = (clockSkewMilliseconds / 1000).toFixed(1)
    return {
      verdict: 'bad',
      found: `${found}, ${seconds} s from the database's`,
      mend: 'Keep both machines in step (NTP).',
    }
  } finally {
    await engine.close()
  }
}

const certificate: Look = async ({ httpsPort, tls, dataDir, publicUrls }) => {
  if (httpsPort === 'off')
    return {
      verdict: 'look',
      found: 'HTTPS is off',
      mend: 'Most clients refuse plain HTTP; have a proxy serve HTTPS.',
    }
  const path = tls?.certPath ?? join(dataDir, 'server.pem')
  const pem = await readFile(path, 'utf8').catch(() => undefined)
  if (pem === undefined) return { verdict: 'good', found: 'made at the first start' }
  const parsed = new X509Certificate(pem)
  const days = Math.floor((parsed.validToDate.getTime() - Date.now()) / 86_400_000)
  const uncovered = publicUrls.map(hostOf).filter((host) => !covers(parsed, host))
  const remade = 'Start the server: it makes a new one.'
  if (days < 0)
    return {
      verdict: 'bad',
      found: `${path} has expired`,
      mend: tls ? 'Renew it.' : remade,
    }
  if (uncovered.length > 0)
    return {
      verdict: 'bad',
      found: `${path} does not cover ${uncovered.join(', ')}`,
      mend: tls ? 'Get one that does, or correct ROLECALL_PUBLIC_URL.' : remade,
    }
  const trust = tls ? '' : `; clients trust ${join(dataDir, 'ca.pem')}`
  return {
    verdict: days < 14 ? 'look' : 'good',
    found: `good for ${days} days${trust}`,
    ...(days < 14 && { mend: 'Renew it.' }),
  }
}

/** As certificates name it: an address without brackets, a name without its final dot. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '')

const covers = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined

const mail: Look = async ({ smtpUrl, mailFrom, dataDir }) => {
  if (smtpUrl === undefined)
    return { verdict: 'good', found: `no SMTP server set: mails are kept in ${join(dataDir, 'mail')}` }
  const { hostname } = new URL(smtpUrl)
  try {
    await checkMailServer(smtpUrl)
    if (mailFrom !== undefined) return { verdict: 'good', found: `${hostname} lets us in` }
    return {
      verdict: 'look',
      found: `${hostname} lets us in, but no sender is set`,
      mend: 'Set ROLECALL_MAIL_FROM: many servers refuse mail from no-reply@<public host>.',
    }
  } catch (error) {
    return {
      verdict: 'bad',
      found: `${hostname}: ${(error as Error).message}`,
      mend: 'Correct ROLECALL_SMTP_URL, or start the mail server.',
    }
  }
}

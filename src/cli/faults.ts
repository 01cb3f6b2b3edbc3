import { DomainError, type Refusal } from '#core/refusals.ts'
import { DatabaseFault } from '../compose/database.ts'
import { ConfigError } from '../config.ts'

/** A wrong argument that only the command itself can see. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** How a failure that is no bug is told: in one line to people, as an object to machines. */
export type Fault = { exitCode: 1 | 2; sentence: string; error: { code: string; [member: string]: unknown } }

/** What a command that could not do its work ends with; 0 is done, 2 bad usage. */
const refused = 1
const badUsage = 2

/** Undefined for a bug: that is shown with where it happened. */
export const faultOf = (error: unknown): Fault | undefined => {
  if (error instanceof DomainError) {
    return { exitCode: refused, sentence: `Refused: ${wordRefusal(error.refusal)}`, error: error.refusal }
  }
  if (error instanceof UsageError || error instanceof ConfigError) {
    return told(badUsage, 'usage', error.message)
  }
  if (error instanceof DatabaseFault) return told(refused, 'database', error.message)
  return isSystemError(error) ? told(refused, error.code, wordSystemError(error)) : undefined
}

export const wordRefusal = ({ code, ...details }: Refusal): string =>
  'reason' in details ? details.reason : `${code.replaceAll('_', ' ')} ${JSON.stringify(details)}`

const told = (exitCode: Fault['exitCode'], code: string, message: string): Fault => ({
  exitCode,
  sentence: message,
  error: { code, message },
})

type SystemError = Error & { code: string; syscall: string; address?: string; port?: number }

/** The machine said no: a port that is taken, a file that may not be read. */
const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'

const wordSystemError = ({ code, syscall, address, port, message }: SystemError): string => {
  if (syscall !== 'listen') return message
  const variables = 'ROLECALL_PORT and ROLECALL_HTTPS_PORT'
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${address} is taken by another program; see ${variables}.`
  if (code === 'EACCES')
    return `Port ${port} of ${address} needs rights that this user lacks; see ${variables}.`
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${address}; see ROLECALL_HOST.`
  return message
}

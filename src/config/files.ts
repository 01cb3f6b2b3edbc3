import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { ConfigError, type VariableName } from './environment.ts'
import { show } from './values.ts'

/** @throws ConfigError unless both files can be read, are what they should be, and belong together */
export const checkTls = ({ certPath, keyPath }: { certPath: string; keyPath: string }): void => {
  const certificate = decode('ROLECALL_TLS_CERT', certPath, 'certificate', (pem) => new X509Certificate(pem))
  const key = decode('ROLECALL_TLS_KEY', keyPath, 'private key', (pem): KeyObject => createPrivateKey(pem))
  if (!certificate.checkPrivateKey(key)) {
    throw new ConfigError('ROLECALL_TLS_KEY', `is ${show(keyPath)}, the key of another certificate`)
  }
}

/** @throws ConfigError when there is something else in the directory's place, or in its way */
export const checkDirectory = (path: string): string => {
  const fault = faultOfDirectory(path)
  if (fault) throw new ConfigError('ROLECALL_DATA_DIR', `is ${show(path)}, which ${fault}`)
  return path
}

const faultOfDirectory = (path: string): string | undefined => {
  try {
    return statSync(path).isDirectory() ? undefined : 'is not a directory'
  } catch (error) {
    const code = codeOf(error)
    return code === 'ENOENT' ? undefined : `cannot be reached (${code})`
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : error)

const decode = <Result>(
  name: VariableName,
  path: string,
  kind: string,
  parse: (pem: Buffer) => Result,
): Result => {
  let pem: Buffer
  try {
    pem = readFileSync(path)
  } catch (error) {
    throw new ConfigError(name, `is ${show(path)}, which cannot be read (${codeOf(error)})`)
  }
  try {
    return parse(pem)
  } catch {
    throw new ConfigError(name, `is ${show(path)}, which holds no PEM ${kind} that can be used`)
  }
}

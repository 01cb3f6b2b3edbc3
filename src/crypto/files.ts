import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file's bytes, or nothing if there is no such file. Any other fault is thrown. */
export const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * Makes the file with this content unless there is one, and answers what is in it then. Of several processes one
 * wins and all read the same; nobody ever sees a part. Mode 600, on disk when it returns.
 */
export const createOnce = async (
  path: string,
  content: () => Buffer | string | Promise<string>,
): Promise<Buffer> => {
  const present = await readIfThere(path)
  if (present) return present
  const temporary = await writeTemporary(path, await content())
  try {
    // Unlike rename, link refuses to replace; unlike an exclusive open, it shows the whole content at once.
    await link(temporary, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(path)
  return readFile(path)
}

/** Puts this content in the file's place in one step. Mode 600, on disk when it returns. */
export const replaceFile = async (path: string, content: Buffer | string): Promise<void> => {
  const temporary = await writeTemporary(path, content)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(path)
}

const writeTemporary = async (path: string, content: Buffer | string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

const syncFolder = async (path: string): Promise<void> => {
  // Windows cannot open a folder; there the name reaches the disk when the system sees fit.
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

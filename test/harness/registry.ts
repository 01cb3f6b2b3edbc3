import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { create } from 'tar'

type Manifest = { name: string; version: string; dependencies?: Record<string, string> }
type Published = { manifest: Manifest; tarball: Buffer }

const modules = join(import.meta.dirname, '..', '..', 'node_modules')

/**
 * A registry on loopback, which has one package that is installed here, in this one version, and what it needs. Real
 * packages, packed anew: `auth0-v4` is published as `auth0`, which its manifest names it.
 */
export const startRegistry = async (
  installed: string,
): Promise<{ origin: string; close: () => Promise<void> }> => {
  const published = new Map<string, Published>()
  const publish = async (folder: string): Promise<void> => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    const isOwn = (path: string) => !path.startsWith('./node_modules')
    const packed = create({ gzip: true, cwd: folder, prefix: 'package', filter: isOwn }, ['.'])
    published.set(manifest.name, { manifest, tarball: await packed.concat() })
    for (const needed of Object.keys(manifest.dependencies ?? {})) {
      const nested = join(folder, 'node_modules', needed)
      if (!published.has(needed)) await publish(existsSync(nested) ? nested : join(modules, needed))
    }
  }
  await publish(join(modules, installed))
  const server = createServer((request, response) => {
    const [, name = '', file] = decodeURIComponent(request.url!).split('/')
    const found = published.get(name)
    if (!found) return response.writeHead(404).end('{}')
    if (file !== undefined) return response.end(found.tarball)
    const { manifest, tarball } = found
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    const version = { ...manifest, dist: { tarball: `${origin}${name}/tarball.tgz`, integrity } }
    const versions = { [manifest.version]: version }
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ name, 'dist-tags': { latest: manifest.version }, versions }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    origin,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

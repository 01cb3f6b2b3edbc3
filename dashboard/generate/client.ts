import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateApi } from 'swagger-typescript-api'

const document = join(import.meta.dirname, '..', '..', 'openapi', 'native.json')

/**
 * The types of the native API as the dashboard calls it, from the committed OpenAPI document. Types alone: what runs
 * is `openapi-fetch`, so that a hundred routes cost a page nothing.
 */
export const renderClient = async (): Promise<string> => {
  const { files } = await generateApi({
    spec: JSON.parse(await readFile(document, 'utf8')),
    output: false,
    templates: join(import.meta.dirname, 'templates'),
    generateUnionEnums: true,
    silent: true,
  })
  const text = files.map(({ fileContent }) => fileContent).join('\n')
  // What a schema leaves open is to be looked at before it is used.
  return text
    .replaceAll(/\bany\b(?=[>,[\s;)])(?!\w)/gu, 'unknown')
    .replaceAll(/\n\s*\n/gu, '\n')
    .trimStart()
}

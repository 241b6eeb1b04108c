// Writes what the client is typed by: the contract's types, and its routes by resource and action.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { camelCase } from '../src/contract/sdk-names.ts'

type Operation = { operationId: string; tags?: string[] }

const document = new URL('../docs/openapi.json', import.meta.url)
const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}

const header = '// Made from the contract by `npm run generate -w sdk`: change that, not this.\n'
const routes: Record<string, Record<string, object>> = {}
for (const [path, operations] of Object.entries(paths)) {
  for (const [method, { operationId, tags }] of Object.entries(operations)) {
    const [resource = ''] = tags ?? []
    const prefix = `v2_${resource}_`
    if (!operationId.startsWith(prefix)) continue
    // The providers' own APIs are called by `connections.fetch`.
    if (path.endsWith('/{path}')) continue
    const name = camelCase(resource)
    const action = camelCase(operationId.slice(prefix.length))
    routes[name] ??= {}
    routes[name][action] = { id: operationId, method: method.toUpperCase(), path }
  }
}

const written = {
  'schema.ts': header + astToString(await openapiTS(document, { defaultNonNullable: false })),
  'routes.ts': `${header}export const routes = ${JSON.stringify(routes, null, 2)} as const\n`,
}
const isCheck = process.argv.includes('--check')
for (const [name, text] of Object.entries(written)) {
  const file = new URL(`src/${name}`, import.meta.url)
  if (!isCheck) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`sdk/src/${name} is not what the contract says. Run: npm run generate -w sdk`)
    process.exitCode = 1
  }
}

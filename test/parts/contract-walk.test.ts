// Walks the contract: every route is in the client, on the command line and in the reference, or says why it is not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { Command } from 'commander'
import { routes as clientRoutes } from '../../sdk/src/routes.ts'
import { createProgram, pathOf } from '../../src/commands/program.ts'
import { madeElsewhere, namedRoutes } from '../../src/commands/resources.ts'
import { commandWords } from '../../src/commands/route-command.ts'
import { contract } from '../../src/contract/index.ts'
import type { Routes } from '../../src/contract/route.ts'
import { camelCase } from '../../src/contract/sdk-names.ts'

/** By what stands before the name of the operation: what of the contract is neither in the client nor a command, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  v1: 'for clients of the older API, which change their address alone; v2 has all of it',
  operations:
    'for those who run the server: load balancers ask them, and `mortise openapi` prints the description',
  docs: 'pages for people',
  media: 'pictures, at addresses that answers show',
}

const program = createProgram('0.0.0')
const leaves = leavesOf(program)

const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string; 'x-codeSamples'?: unknown[] }>>
}

const operations = new Map(
  Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation]),
)

const all = Object.entries(contract).flatMap(([dialect, resources]) =>
  Object.entries(resources as Readonly<Record<string, Routes>>).flatMap(([resource, routes]) =>
    Object.entries(routes).map(([action, route]) => ({ dialect, resource, action, route })),
  ),
)

test('every part of the contract has clients and commands, or stands on the list', () => {
  assert.deepEqual(Object.keys(contract).toSorted(), ['v2', ...Object.keys(elsewhere)].toSorted())
  assert.ok(namedRoutes.length > 35)
})

for (const { dialect, resource, action, route } of all) {
  const label = `${route.method} ${route.path}`

  test(`${label} is in the reference, with an example`, () => {
    const operation = [...operations].find(([id]) => id.startsWith(`${dialect}_${resource}_${action}`))?.[1]
    assert.ok(operation, `${dialect}_${resource}_${action}`)
    assert.ok((operation['x-codeSamples'] ?? []).length >= (dialect === 'v2' ? 2 : 1))
  })

  if (elsewhere[dialect] !== undefined) continue

  test(`${label} is a method of the client, or what the client’s fetch is for`, () => {
    if (route.path.endsWith('*')) return
    const table = (clientRoutes as Readonly<Record<string, Readonly<Record<string, object>>>>)[
      camelCase(resource)
    ]
    assert.partialDeepStrictEqual(table?.[camelCase(action)], {
      method: route.method,
      path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
    })
  })

  test(`${label} is a command`, () => {
    const named = { resource, action, route }
    const expected = madeElsewhere[`${resource} ${action}`] ?? commandWords(named).join(' ')
    assert.ok(
      leaves.some((command) => pathOf(command) === expected),
      expected,
    )
  })
}

describe('every command', () => {
  for (const command of leaves) {
    test(`mortise ${pathOf(command)} says what it does, shows an example, and answers in JSON`, () => {
      assert.notEqual(command.description(), '')
      const help = helpOf(command)
      assert.match(help, /\nExamples?:\n {2}\$ .*mortise /)
      for (const [, typed = ''] of help.matchAll(/^ {2}\$ mortise ([a-z -]*[a-z])/gm)) {
        const path = pathOf(command)
        assert.ok(typed === path || typed.startsWith(`${path} `), `${typed} in the help of ${path}`)
      }
      assert.match(help, /--json/)
    })
  }

  test('and every group of commands is described', () => {
    for (const command of groupsOf(program)) assert.notEqual(command.description(), '', pathOf(command))
  })
})

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}

function groupsOf(command: Command): Command[] {
  return command.commands.length === 0 ? [] : [command, ...command.commands.flatMap(groupsOf)]
}

/** As a person sees it, with what stands behind the options. */
function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  return help
}

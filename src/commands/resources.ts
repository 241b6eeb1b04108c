// A command for every route of the contract that has none of its own yet: a new route is here by itself.
import type { Command } from 'commander'
import { contract } from '../contract/index.ts'
import type { Routes } from '../contract/route.ts'
import { addRoute, commandWords, type Named, nounOf, type Telling } from './route-command.ts'
import { isItem, shownItem } from './shown.ts'

/** What is hand-made under another name: the call of a provider hands on whatever it is given. */
export const madeElsewhere: Readonly<Record<string, string>> = {
  'providers list': 'providers',
  'providers retrieve': 'providers',
  'proxy call': 'connections call',
}

export const namedRoutes: readonly Named[] = Object.entries(
  contract.v2 as Readonly<Record<string, Routes>>,
).flatMap(([resource, routes]) =>
  Object.entries(routes).map(([action, route]) => ({ resource, action, route })),
)

export function addResources(program: Command): void {
  for (const named of namedRoutes) {
    const { resource, action } = named
    if (madeElsewhere[`${resource} ${action}`] !== undefined) continue
    const [parentWord, word] = commandWords(named)
    const parent =
      program.commands.find((command) => command.name() === parentWord) ?? newParent(program, parentWord)
    if (parent.commands.some((command) => command.name() === word)) continue
    addRoute(parent, named, telling[`${resource} ${action}`] ?? telling[resource])
  }
}

/** What groups are for that have no file of their own. */
const described: Readonly<Record<string, string>> = {
  events: 'read what has changed in an account',
  deliveries: 'look at what webhooks were sent, try one, and send again',
}

/** Where the plain way of telling is not the best one. */
const telling: Readonly<Record<string, Telling>> = {
  integrations: { columns: { id: 'id', name: 'name', type: 'type', email: 'email', city: 'city' } },
  freelancers: { columns: { id: 'id', name: 'name', email: 'email', integration: 'integration' } },
  'connections verify': { tell: verified },
  'connections reveal': { tell: (answer) => shownItem(isItem(answer) ? answer.secrets : answer) },
  'connections embed': { tell: (answer) => String(isItem(answer) ? answer.html : answer) },
  audit: {
    columns: {
      id: 'id',
      at: 'at',
      action: 'action',
      'of a': 'subject.type',
      called: 'subject.id',
      key: 'key.name',
      times: 'times',
    },
  },
}

function newParent(program: Command, word: string): Command {
  return program.command(word).description(described[word] ?? `what there is to do with ${word}`)
}

/** The state first, in a word, and then what is known of it. */
function verified(answer: unknown, [id = '']: readonly string[]): string {
  const { health, notices } = isItem(answer) ? answer : {}
  const { status, reason, account, mode, scopes } = isItem(health) ? health : {}
  const belongs = [
    ...(typeof account === 'string' ? [`It belongs to ${account}.`] : []),
    ...(typeof mode === 'string' ? [`It is for ${mode === 'test' ? 'tests' : 'real'}.`] : []),
    ...(Array.isArray(scopes) && scopes.length > 0 ? [`It may: ${scopes.join(' ')}.`] : []),
  ]
  return [
    `${nounOf('connections')} ${id}: ${status}`,
    ...(typeof reason === 'string' ? [reason] : []),
    ...belongs,
    ...(Array.isArray(notices) ? notices.map(String) : []),
    ...(status === 'rejected'
      ? [`To give another credential: mortise connections change ${id} --field <name>`]
      : []),
  ].join('\n  ')
}

// Examples in the help of commands for the server and for the store of this machine.
import type { Command } from 'commander'

const examples: Readonly<Record<string, readonly string[]>> = {
  serve: ['mortise serve --port 8080 --data /var/lib/mortise'],
  demo: ['mortise demo'],
  sandbox: ['mortise sandbox'],
  migrate: ['mortise migrate --data /var/lib/mortise'],
  backup: ['mortise backup /elsewhere/mortise-2027-01-31.db'],
  restore: [
    'mortise restore --verify /elsewhere/mortise-2027-01-31.db',
    'mortise restore --data ./restored /elsewhere/mortise-2027-01-31.db',
  ],
  doctor: ['mortise doctor', 'mortise doctor --deep'],
  open: ['mortise open', 'mortise open --account 2'],
  openapi: ['mortise openapi > openapi.json'],
  'vault slots list': ['mortise vault slots list'],
  'vault slots add': [
    'mortise vault slots add recovery',
    'mortise vault slots add key --file /safe/mortise.key',
  ],
  'vault slots test': ['mortise vault slots test recovery'],
  'vault slots remove': ['mortise vault slots remove 2'],
  'vault recover': ['mortise vault recover'],
  'vault rotate': ['mortise vault rotate', 'mortise vault rotate --data'],
  'vault keys': ['mortise vault keys'],
  'vault drop': ['mortise vault drop 1'],
}

/** @param path the words that a person types, without the first one */
export function addExamples(command: Command, path: string): void {
  for (const sub of command.commands) addExamples(sub, path === '' ? sub.name() : `${path} ${sub.name()}`)
  const [first, ...more] = examples[path] ?? []
  if (first === undefined) return
  const lines = [first, ...more].map((line) => `\n  $ ${line}`)
  command.addHelpText('after', `\nExample${more.length > 0 ? 's' : ''}:${lines.join('')}`)
}

// Names of the wire as a person types them: `address_line_1` as `--address-line-1`.

/** What commands have for themselves: a member of that name gets another option. */
const taken = new Set([
  'data',
  'json',
  'hub',
  'local',
  'account',
  'help',
  'version',
  'limit',
  'body',
  'clear',
])

export function flagOf(name: string): string {
  return taken.has(name) ? `--set-${kebab(name)}` : `--${kebab(name)}`
}

export function kebab(name: string): string {
  return name.replaceAll('_', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

export function camel(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

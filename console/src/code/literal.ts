// Values as TypeScript writes them.
import { namesOfSecrets, variableName } from './secrets.ts'

export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return textLiteral(value)
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const inner = `${indent}  `
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${inner}${nameLiteral(name)}: ${literal(member, inner)},`)
  return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`
}

/** Arguments that are left out at the end are not written. */
export function dropUndefined(given: readonly unknown[]): readonly unknown[] {
  return given.slice(0, given.findLastIndex((value) => value !== undefined) + 1)
}

function textLiteral(value: string): string {
  const [secret] = namesOfSecrets(value)
  if (secret !== undefined) return `process.env.${variableName(secret)} ?? ''`
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function nameLiteral(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name)
}

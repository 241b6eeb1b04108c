// Stands for secrets in code: a variable's name, and never a value.

/** In no text that anybody types. */
const mark = '\u{f8f0}'

/** @param name of the field, such as `secret_key` */
export function secretNamed(name: string): string {
  return `${mark}${name}${mark}`
}

export function namesOfSecrets(text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}

export function withVariables(text: string, variable: (name: string) => string): string {
  return text.replaceAll(pattern, (_, name: string) => variable(name))
}

export function shellVariable(name: string): string {
  return `$${variableName(name)}`
}

export function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
}

const pattern = new RegExp(`${mark}([^${mark}]*)${mark}`, 'gu')

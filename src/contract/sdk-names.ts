// What resources, and what is done with them, are called in the SDK and in code that uses it.

/** `api_keys` as `apiKeys`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

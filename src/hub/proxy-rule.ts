// What a key may ask of providers is a list of rules.

/** Any of the methods on any of the paths. */
export type ProxyRule = {
  /** Names, or `*` for any. GET means HEAD too. */
  readonly methods: readonly string[]
  /** Beginning with a slash; `*` stands for something within a segment, `**` for anything. */
  readonly paths: readonly string[]
}

/** What rules may name; what else there is can only be meant by `*`. */
export const limitMethods = ['*', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export const rulesMax = 20

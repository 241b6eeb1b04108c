// The contract as one list, for tests that walk it: a new route is among them by itself.
import { contract } from '../../src/contract/index.ts'
import type { Method, Route, Routes } from '../../src/contract/route.ts'

export type ListedRoute = {
  readonly label: string
  readonly dialect: string
  readonly name: string
  readonly route: AskedRoute
}

/** One that is asked with a method of its own. */
export type AskedRoute = Omit<Route, 'method'> & { readonly method: AskedMethod }
type AskedMethod = Method | 'HEAD' | 'OPTIONS'

/** Some of those that `ANY` stands for: what is asked of a provider may be anything. */
const some: readonly AskedMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const tables: Readonly<Record<string, Readonly<Record<string, Routes>>>> = contract

export const routes: readonly ListedRoute[] = Object.entries(tables).flatMap(([dialect, nouns]) =>
  Object.entries(nouns).flatMap(([noun, table]) =>
    Object.entries(table).flatMap(([name, { method: declared, ...route }]) =>
      (declared === 'ANY' ? some : [declared]).map((method) => ({
        label: `${method} ${route.path}`,
        dialect,
        name: `${dialect} ${noun} ${name}`,
        route: { ...route, method },
      })),
    ),
  ),
)

/** The route's path with the same id for every parameter, and for what follows. */
export function pathOf({ path }: Pick<Route, 'path'>, id: string): string {
  return path.replaceAll(/:\w+|\*/g, encodeURIComponent(id))
}

/** Routes whose answers are somebody else's. */
export const isRelayed = ({ reply }: Pick<Route, 'reply'>): boolean => reply.relayed === true

/** Routes that answer with the bytes of a thing that somebody made, under its name: there is none called as a test likes. */
export const isMedia = ({ reply, path }: Pick<Route, 'reply' | 'path'>): boolean =>
  reply.mediaType !== undefined && path.includes(':')

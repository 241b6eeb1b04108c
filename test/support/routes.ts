// The contract as one list, for tests that walk it: a new route is among them by itself.
import { contract } from '../../src/contract/index.ts'
import type { Route, Routes } from '../../src/contract/route.ts'

export type ListedRoute = { readonly label: string; readonly dialect: string; readonly route: Route }

const tables: Readonly<Record<string, Readonly<Record<string, Routes>>>> = contract

export const routes: readonly ListedRoute[] = Object.entries(tables).flatMap(([dialect, nouns]) =>
  Object.values(nouns).flatMap((table) =>
    Object.values(table).map((route) => ({ label: `${route.method} ${route.path}`, dialect, route })),
  ),
)

/** The route's path with the same id for every parameter. */
export function pathOf({ path }: Pick<Route, 'path'>, id: string): string {
  return path.replaceAll(/:\w+|\*/g, encodeURIComponent(id))
}

/** Routes that answer with the bytes of a thing that somebody made, under its name: there is none called as a test likes. */
export const isMedia = ({ reply }: Pick<Route, 'reply'>): boolean => reply.mediaType !== undefined

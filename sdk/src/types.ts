// The client's types, worked out from the contract: one method for each route, with its ids, body and query.
import type { RequestOptions } from './options.ts'
import type { routes } from './routes.ts'
import type { operations } from './schema.ts'

type Routes = typeof routes
export type Route = { readonly id: keyof operations; readonly method: string; readonly path: string }

/** `[id: string | number]` of `/v2/connections/{id}/`: an argument for each name in the path, in its order. */
type Ids<Path extends string> = Path extends `${string}{${infer _Name}}${infer Rest}`
  ? [id: string | number, ...Ids<Rest>]
  : []

type BodyOf<Id extends keyof operations> = [NonNullable<operations[Id]['requestBody']>] extends [
  { content: { 'application/json': infer Body } },
]
  ? [NonNullable<operations[Id]['requestBody']>] extends [never]
    ? never
    : Body
  : never

type Bodies<Id extends keyof operations> = [BodyOf<Id>] extends [never]
  ? []
  : object extends BodyOf<Id>
    ? [body?: BodyOf<Id>]
    : [body: BodyOf<Id>]

export type QueryOf<Id extends keyof operations> = operations[Id] extends {
  parameters: { query?: infer Query }
}
  ? Exclude<Query, undefined>
  : never

type Content<Id extends keyof operations> = operations[Id] extends { responses: infer Responses }
  ? Responses[keyof Responses & (200 | 201 | 202)] extends { content: infer Found }
    ? Found
    : never
  : never

/** Nothing for a route that answers with nothing. */
export type ReplyOf<Id extends keyof operations> = [Content<Id>] extends [never]
  ? undefined
  : Content<Id> extends { 'application/json': infer Reply }
    ? Reply
    : Content<Id> extends { 'application/x-ndjson': infer Line }
      ? AsyncIterable<Line>
      : never

type Options<Id extends keyof operations> = [QueryOf<Id>] extends [never]
  ? RequestOptions
  : RequestOptions & { readonly query?: QueryOf<Id> }

type Method<R extends Route> = (
  ...given: [...Ids<R['path']>, ...Bodies<R['id']>, options?: Options<R['id']>]
) => Promise<ReplyOf<R['id']>>

type ItemOf<R extends Route> = ReplyOf<R['id']> extends { results: ReadonlyArray<infer Item> } ? Item : never

/** All that a list has, page after page, as they are asked for. */
type All<Table> = Table extends { list: infer R extends Route }
  ? [ItemOf<R>] extends [never]
    ? unknown
    : { all(...given: [...Ids<R['path']>, options?: Options<R['id']>]): AsyncIterableIterator<ItemOf<R>> }
  : unknown

export type Resources = {
  readonly [Name in keyof Routes]: {
    readonly [Action in keyof Routes[Name]]: Routes[Name][Action] extends Route
      ? Method<Routes[Name][Action]>
      : never
  } & All<Routes[Name]>
}

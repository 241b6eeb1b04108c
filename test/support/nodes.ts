// Several nodes of Mortise on one database in PostgreSQL, each with connections of its own.
import { newMasterKey } from '../../src/vault/master-key.ts'
import { type ApiOptions, newAccount, startNode, type TestApi } from './api.ts'
import { openTestDatabase } from './store.ts'

export type Nodes = {
  readonly nodes: readonly TestApi[]
  readonly account: { readonly id: number; readonly key: string }
  /** They take turns. */
  node(number: number): TestApi
  close(): Promise<void>
}

/** @param urls one for each node: of the database itself, or of something between */
export async function startNodes(urls: readonly string[], options: ApiOptions = {}): Promise<Nodes> {
  const masterKey = newMasterKey('the test')
  const nodes: TestApi[] = []
  for (const url of urls) nodes.push(await startNode(openTestDatabase(url), masterKey, options))
  const node = (number: number) => {
    const one = nodes[number % nodes.length]
    if (!one) throw new Error('There are no nodes.')
    return one
  }
  return {
    nodes,
    node,
    account: await newAccount(node(0)),
    async close() {
      for (const one of nodes) await one.close()
    },
  }
}

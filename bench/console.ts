// `npm run bench -- console`: how soon the console can be used in a cold browser, and what 100,000 connections cost it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { APIRequestContext, Page } from 'playwright-core'
import { type Db, transact } from '../src/storage/database.ts'
import { openStore } from '../src/store.ts'
import { startBrowser, whyNoBrowser } from '../test/support/browser.ts'
import { type Server, startMortise } from './servers.ts'
import { type BenchAccount, makeStore } from './store.ts'

const connections = 100_000
const coldLoads = 5
const resultsFile = join(import.meta.dirname, 'results-console.md')

export async function benchConsole(place: {
  folder: string
  started(starting: Promise<Server>): Promise<Server>
}): Promise<void> {
  const reason = whyNoBrowser()
  if (reason) throw new Error(reason)
  const { folder } = place
  const store = { dataDir: join(folder, 'data') }
  const { account } = await makeStore(folder, store, { account: 3 })
  await fill(folder, store.dataDir, account)
  const { origin } = await place.started(startMortise(folder, store, { MORTISE_VERIFY: 'off' }))
  const browser = await startBrowser()
  try {
    const loads: Array<{ bytes: number; ms: number }> = []
    for (let load = 0; load < coldLoads; load++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      await signIn(context.request, origin, account.key)
      loads.push(await coldLoad(await context.newPage(), origin))
      await context.close()
    }
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await signIn(context.request, origin, account.key)
    const steps = await walkList(await context.newPage(), origin)
    await context.close()
    const text = report(loads, steps)
    console.log(text)
    writeFileSync(resultsFile, text)
  } finally {
    await browser.close()
  }
}

/** Copies of one connection, with its secrets, under other names and in every state of health. */
async function fill(folder: string, dataDir: string, { id }: BenchAccount): Promise<void> {
  const nothing = { masterKey: undefined, masterKeyFile: undefined }
  const store = await openStore({ dataDir, keyDir: `${folder}/mortise` }, nothing, { mayCreate: false })
  await transact(store.db, 'all accounts', (db) => copy(db, id))
  await store.close()
}

async function copy(db: Db, account: number): Promise<void> {
  const columns = sql.raw(
    'integration_uid, provider, use_cloudfront, fields, metadata, created_at, updated_at',
  )
  await sql`
    with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < ${sql.lit(connections)})
    insert into connections (account_id, id, uid, title, title_key, health_status, ${columns})
    select account_id, n, 'bench-' || n, 'Shop ' || n, 'SHOP ' || n,
      case when n % 10000 = 0 then 'rejected' when n % 3 = 0 then 'unverified' else 'healthy' end, ${columns}
    from numbers, (select * from connections where account_id = ${account} and id = 1) as first`.execute(db)
  await sql`
    insert into connection_secrets (account_id, connection_uid, field, sealed, key_id, hint, updated_at)
    select secrets.account_id, connections.uid, field, sealed, key_id, hint, secrets.updated_at
    from connections join connection_secrets as secrets on secrets.account_id = connections.account_id
    where connections.account_id = ${account} and connections.id > 1`.execute(db)
}

async function signIn(request: APIRequestContext, origin: string, key: string): Promise<void> {
  const headers = { 'sec-fetch-site': 'same-origin', origin }
  const answer = await request.post(`${origin}/console/api/session/`, { data: { api_key: key }, headers })
  if (!answer.ok()) throw new Error(`Nobody could sign in: ${answer.status()}`)
}

/** Until the first page shows how things are and takes clicks. */
async function coldLoad(page: Page, origin: string): Promise<{ bytes: number; ms: number }> {
  const session = await page.context().newCDPSession(page)
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await session.send('Network.enable')
  // Counts are there, and the frame after them has been drawn.
  await page.addInitScript(`new MutationObserver((_, observer) => {
    if (!document.querySelector('main .mantine-Progress-root')) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => { globalThis.usableAt = performance.now() }))
  }).observe(document, { childList: true, subtree: true })`)
  await page.goto(origin)
  await page.locator('main .mantine-Progress-root').waitFor()
  await page.waitForLoadState('networkidle')
  return { bytes, ms: await page.evaluate('globalThis.usableAt') }
}

type Step = { what: string; ms: number; longest: number }

async function walkList(page: Page, origin: string): Promise<Step[]> {
  await page.addInitScript(`globalThis.tasks = []
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask', buffered: true })`)
  const steps: Step[] = []
  const measured = async (what: string, act: () => Promise<unknown>) => {
    await page.evaluate('globalThis.tasks = []')
    const begun = performance.now()
    await act()
    const ms = performance.now() - begun
    steps.push({ what, ms, longest: await page.evaluate('Math.max(0, ...tasks)') })
  }
  const shows = (title: string) => page.getByRole('link', { name: title, exact: true }).waitFor()
  const list = `${origin}/console/as/1/connections`
  await page.goto(origin)
  await measured('open the list', async () => {
    await page.goto(list)
    await shows('Shop 2')
  })
  await measured('the next page', async () => {
    await page.getByRole('button', { name: 'Page 2', exact: true }).click()
    await shows('Shop 30')
  })
  await measured('the last page', async () => {
    await page.getByRole('button', { name: `Page ${connections / 25}`, exact: true }).click()
    await shows(`Shop ${connections}`)
  })
  await measured('a title typed', async () => {
    await page.getByLabel('Search titles').fill('shop 54321')
    await shows('Shop 54321')
  })
  await page.goto(list)
  await shows('Shop 2')
  await measured('those rejected', async () => {
    await page.getByRole('combobox', { name: 'Health' }).click()
    await page.getByRole('option', { name: 'Rejected' }).click()
    await shows('Shop 10000')
  })
  await measured('the first page of the console', async () => {
    await page.goto(origin)
    await page.getByText('Needs attention').waitFor()
  })
  return steps
}

function report(loads: ReadonlyArray<{ bytes: number; ms: number }>, steps: readonly Step[]): string {
  const median = (numbers: number[]) =>
    numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
  const ms = (number: number) => `${number.toFixed(0)} ms`
  return `# The console, measured

\`npm run bench -- console\` writes this file, in a Chromium on the server's own machine, with a store of ${connections.toLocaleString('en')} connections on SQLite.

| cold: empty cache, signed in (${coldLoads} loads) | median | worst |
| --- | --- | --- |
| until the overview stands and takes clicks | ${ms(median(loads.map((load) => load.ms)))} | ${ms(Math.max(...loads.map((load) => load.ms)))} |
| sent to the browser | ${(median(loads.map(({ bytes }) => bytes)) / 1_000).toFixed(0)} kB | ${(Math.max(...loads.map(({ bytes }) => bytes)) / 1_000).toFixed(0)} kB |

| with ${connections.toLocaleString('en')} connections | until it is shown | longest time without answering a click |
| --- | --- | --- |
${steps.map(({ what, ms: taken, longest }) => `| ${what} | ${ms(taken)} | ${longest === 0 ? 'under 50 ms' : ms(longest)} |`).join('\n')}
`
}

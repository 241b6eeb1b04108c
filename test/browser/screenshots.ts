// Takes a picture of every page of the console, light, dark and narrow; the best of them are for the README.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import sharp from 'sharp'
import { JsonText } from '../../src/hub/json-text.ts'
import { openPage, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { consolePages } from '../support/console-pages.ts'
import { type Scene, startScene } from '../support/console-scene.ts'

const folder = fileURLToPath(new URL('../../screenshots', import.meta.url))
const forReadme = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const best = new Set(['light-overview', 'light-connection', 'dark-connections', 'dark-vault'])

const kinds = [
  { kind: 'light', width: 1280, height: 800, colorScheme: 'light' },
  { kind: 'dark', width: 1280, height: 800, colorScheme: 'dark' },
  { kind: 'narrow', width: 360, height: 720, colorScheme: 'light' },
] as const

const reason = whyNoBrowser()
if (reason) throw new Error(reason)
mkdirSync(folder, { recursive: true })
mkdirSync(forReadme, { recursive: true })
const scene = await startScene({ names: 'plain' })
await addWebhook(scene)
const browser = await startBrowser()
try {
  for (const { kind, width, height, colorScheme } of kinds) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme })
    await takeAll(context, kind, scene)
    await context.close()
  }
} finally {
  await browser.close()
  await scene.close()
}

/** One that takes what it is sent, and then does not any more. */
async function addWebhook({ api: { hub }, account, receiver }: Scene): Promise<void> {
  const caller = await hub.integrations.actAs(hub.callerFor(account.id), '1')
  const metadata = new JsonText('{"title":"Order desk"}')
  await hub.webhooks.create(caller, { url: `${receiver.address}/orders`, metadata })
  await hub.integrations.change(caller, 'pinestreet', { name: 'Pinestreet' })
  await hub.deliveries.settled()
  receiver.answer = (_request, response) => response.writeHead(503).end('{"error":"the database is down"}')
  await hub.integrations.change(caller, 'pinestreet', { name: 'Pinestreet Tech' })
  await hub.deliveries.settled()
}

async function takeAll(context: BrowserContext, kind: string, scene: Scene): Promise<void> {
  const { page, complaints } = await openPage(context)
  const take = async (name: string) => {
    await page.waitForLoadState('networkidle')
    await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))')
    const picture = await page.screenshot({ path: `${folder}/${kind}-${name}.png` })
    if (best.has(`${kind}-${name}`)) {
      await sharp(picture).webp({ quality: 72 }).toFile(`${forReadme}/${kind}-${name}.webp`)
    }
  }
  await page.goto(scene.api.address)
  await page.getByLabel('API key').first().waitFor()
  await take('sign-in')
  await page.goto('about:blank')
  await page.goto(await scene.signInLink())
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  for (const [name, path] of Object.entries(consolePages)) {
    await page.goto(`${scene.api.address}${path}`)
    await page.locator('h1').waitFor()
    await take(name)
  }
  await page.goto(`${scene.api.address}/console/as/1/webhooks`)
  await page.getByRole('link', { name: 'Order desk' }).click()
  await page.getByRole('link', { name: 'integration.updated' }).first().waitFor()
  await take('webhook')
  await page.getByRole('link', { name: 'integration.updated' }).first().click()
  await page.getByText('"type": "integration.updated"').waitFor()
  await take('delivery')
  await page.goto(`${scene.api.address}/console/events?type=integration.updated`)
  await page.getByRole('link', { name: 'integration.updated' }).first().click()
  await page.getByText('"type": "integration.updated"').waitFor()
  await take('event')
  await page.goto(`${scene.api.address}/console/as/pinestreet/connections/2`)
  await page.getByLabel('Path').fill('/v1/balance')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('Mortise-Origin: upstream').scrollIntoViewIfNeeded()
  await take('call')
  await page.goto(`${scene.api.address}/console/api-keys`)
  await page.getByRole('button', { name: 'New API key' }).click()
  await page.getByRole('dialog').getByLabel('What it is for').waitFor()
  await take('api-key-new')
  await page.goto(`${scene.api.address}/console/as/pinestreet/connections/1`)
  await page.getByRole('button', { name: 'As code' }).first().click()
  await take('as-code')
  for (const complaint of complaints) console.error(`${kind}: ${complaint}`)
}

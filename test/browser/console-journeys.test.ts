// Whole journeys at the console, in a real browser: from the first start on, and with what hangs together.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { expectAccessible, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { goodKey, type Scene, startScene } from '../support/console-scene.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'
import { plain } from '../support/pictures.ts'
import { newFolders, start } from '../support/process.ts'
import { sampleOf } from '../support/sandbox.ts'

describe('journeys at the console', { skip: whyNoBrowser() }, () => {
  let scene: Scene
  let browser: Browser
  before(async () => {
    scene = await startScene()
    browser = await startBrowser()
  })
  after(async () => {
    await browser.close()
    await scene.close()
  })
  const signedIn: SignedIn = (use) => visit(browser, scene, use)

  test('from the first start, by its link, to a connection that is verified in the sandbox', async () => {
    const home = newFolders()
    const sandbox = await start('sandbox', [], home.env)
    const env = { ...home.env, MORTISE_SANDBOX_URL: sandbox.address }
    const server = await start('serve', ['--data', home.data], env)
    try {
      const link = /The console: (\S+)/.exec(server.output().stdout)?.[1] ?? ''
      const signInLink = async () => link
      await visit(browser, { api: server, signInLink }, async (page) => {
        await page.getByText('No connections yet').waitFor()
        await expectAccessible(page)
        await page.getByRole('link', { name: 'New connection' }).click()
        await page.getByRole('button', { name: 'Stripe' }).waitFor()
        await expectAccessible(page)
        const { secret_key } = sampleOf('stripe', 'valid')
        await page.getByLabel('Paste what you have').fill(secret_key ?? '')
        await page.getByRole('heading', { name: 'Stripe' }).waitFor()
        assert.equal(await page.getByLabel('Secret key', { exact: true }).inputValue(), secret_key)
        assert.ok(!page.url().includes(secret_key ?? ''))
        await expectAccessible(page)
        await page.getByRole('button', { name: 'New connection' }).click()
        await page.getByRole('status').getByText('Healthy').waitFor()
        await page.getByRole('status').getByText('Belongs to Sandbox shop.').waitFor()
        await page.getByRole('link', { name: 'Overview' }).click()
        await page.getByText('Nothing needs attention.').waitFor()
      })
      const again = await browser.newContext()
      const page = await again.newPage()
      await page.goto(link)
      await page.getByText('This link was used').waitFor()
      await again.close()
    } finally {
      await server.stop()
      await sandbox.stop()
      home.remove()
    }
  })

  test('a changed credential is taken back: the one before is in its place again', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections/1?edit=yes')
      await page.getByLabel('Title').fill('Shop payments, new')
      await page.getByLabel('Secret key', { exact: true }).fill(goodKey)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('heading', { name: 'Shop payments, new' }).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('As it was before.').waitFor()
      await page.getByRole('heading', { name: 'Shop payments', exact: true }).waitFor()
      await page.getByRole('button', { name: 'Verify now' }).click()
      await page.getByRole('status').getByText('Rejected').waitFor()
    })
  })

  test('an integration is made with a logo, changed, changed back, kept while something hangs on it, and deleted', async () => {
    const buffer = await plain(7, { width: 40, height: 20 }).png().toBuffer()
    const logo = { name: 'logo.png', mimeType: 'image/png', buffer }
    await signedIn(async (page, go) => {
      await go('/console/integrations/new')
      for (const [label, value] of [
        ['Id', 'brand'],
        ['Name', 'Brand'],
        ['Email address for invoices', 'a@example.com'],
        ['Recipient on invoices', 'Brand AB'],
        ['Address', 'Street 1'],
        ['Zip code', '11129'],
        ['City', 'Stockholm'],
      ] as const) {
        await page.getByRole('textbox', { name: label, exact: true }).fill(value)
      }
      const file = page.locator('input[type=file]')
      await file.setInputFiles({ ...logo, name: 'not.png', buffer: Buffer.from('no picture') })
      await page.getByRole('alert').getByText('This is no picture').waitFor()
      await file.setInputFiles(logo)
      await page.getByRole('img', { name: 'Preview of the new logo' }).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'New integration' }).click()
      await page.getByRole('link', { name: 'Brand', exact: true }).click()
      await page.getByText('Ready for invoices').waitFor()
      await page.locator('main img').waitFor()

      await page.getByRole('textbox', { name: 'City' }).fill('Uppsala')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('As it was before.').waitFor()
      assert.equal(await page.getByRole('textbox', { name: 'City' }).inputValue(), 'Stockholm')
      await expectAccessible(page)

      await go('/console/as/brand/connections/new?provider=stripe')
      await page.getByLabel('Secret key', { exact: true }).fill(goodKey)
      await page.getByRole('button', { name: 'New connection' }).click()
      await page.getByRole('status').getByText('Healthy').waitFor()
      await go('/console/integrations/brand')
      await page.getByText('1 connection', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Delete' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await dialog.getByRole('alert').getByText('1 connection hangs on it').waitFor()
      await expectAccessible(page)
      await dialog.getByRole('button', { name: 'Cancel' }).click()

      await page.getByRole('link', { name: 'Stripe', exact: true }).click()
      await page.getByRole('button', { name: 'Delete' }).click()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await dialog.waitFor({ state: 'detached' })
      await go('/console/integrations/brand')
      await page.getByText('Nothing. It can be deleted.').waitFor()
      await page.getByRole('button', { name: 'Delete' }).click()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('heading', { name: 'Integrations' }).waitFor()
      await page.getByRole('link', { name: 'Brand', exact: true }).waitFor({ state: 'detached' })
    })
  })

  test('what a form would send is shown as code, with variables where secrets and the key stand', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections/new?provider=stripe')
      await page.getByLabel('Title').fill("It's $5 `now`")
      await page.getByLabel('Secret key', { exact: true }).fill(goodKey)
      await page.getByRole('button', { name: 'As code' }).click()
      const dialog = page.getByRole('dialog')
      const curl = await dialog.locator('pre, code').first().innerText()
      assert.equal(
        curl,
        [
          `curl -X POST '${scene.api.address}/v2/connections/?verify=true' \\`,
          '  -H "Authorization: Token $MORTISE_KEY" \\',
          "  -H 'Integration-ID: pinestreet' \\",
          "  -H 'Content-Type: application/json' \\",
          '  -d @- <<JSON',
          '{',
          '  "provider": "stripe",',
          `  "title": "It's \\$5 \\\`now\\\`",`,
          '  "fields": {',
          '    "secret_key": "$SECRET_KEY"',
          '  }',
          '}',
          'JSON',
        ].join('\n'),
      )
      await expectAccessible(page)
      await dialog.getByText('TypeScript').click()
      const typescript = await dialog.locator('pre, code').first().innerText()
      assert.match(typescript, /await mortise\.as\('pinestreet'\)\.connections\.create\(\{/)
      assert.match(typescript, /title: 'It\\'s \$5 `now`',/)
      assert.match(typescript, /secret_key: process\.env\.SECRET_KEY \?\? '',/)
      assert.ok(!typescript.includes(goodKey) && !curl.includes(goodKey))
    })
  })
})

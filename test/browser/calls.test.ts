// A connection tried out at the console, in a real browser: a call with what it would send, and a snippet in a frame.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { JsonText } from '../../src/hub/json-text.ts'
import { expectAccessible, expectNarrow, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { goodKey, type Scene, startScene } from '../support/console-scene.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'

describe('trying out a connection', { skip: whyNoBrowser() }, () => {
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

  test('a call shows what it would send, with the credential masked, and then what the provider answers', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections/2')
      await page.getByLabel('Path').fill('/v1/balance')
      await page.getByLabel('Headers').fill('Stripe-Version: 2026-01-01\nnot a header')
      await page.getByRole('button', { name: 'Show what is sent' }).click()
      await page.getByText('“not a header” is no header').waitFor()
      await page.getByLabel('Headers').fill('Stripe-Version: 2026-01-01')
      await page.getByRole('button', { name: 'Show what is sent' }).click()
      const shown = await page.getByLabel('What would be sent').innerText()
      assert.equal(
        shown,
        'GET https://api.stripe.com/v1/balance\nStripe-Version: 2026-01-01\nauthorization: Bearer ***',
      )
      await expectAccessible(page)
      await page.locator('form').getByRole('button', { name: 'As code' }).click()
      const code = await page.getByRole('dialog').locator('pre').innerText()
      assert.ok(code.includes(`curl '${scene.api.address}/v2/connections/2/proxy/v1/balance'`), code)
      assert.ok(code.includes("-H 'Integration-ID: pinestreet'"), code)
      assert.ok(code.includes("-H 'stripe-version: 2026-01-01'"), code)
      await page.getByRole('dialog').getByText('TypeScript').click()
      await page.getByText(".connections.fetch(2, '/v1/balance'").waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Status 200').waitFor()
      await page.getByText('Mortise-Origin: upstream').waitFor()
      await page.getByText('"object": "balance"').waitFor()
      await expectAccessible(page)
      assert.ok(!(await page.content()).includes(goodKey))

      await page.getByLabel('Path').fill('//elsewhere.example/')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByRole('alert').getByText('from Mortise').waitFor()
      await page.setViewportSize({ width: 360, height: 800 })
      await expectNarrow(page)
    })
  })

  test('a snippet runs in a frame, and can reach neither the page around it nor the hub', async () => {
    const { hub } = scene.api
    const html = `<h2 id="it">Offer</h2><script>
      const told = []
      try { told.push(parent.document.title) } catch { told.push('apart') }
      try { told.push(document.cookie) } catch { told.push('no cookies') }
      document.getElementById('it').append(': ' + told.join(', '))
    </script>`
    const { connection } = await hub.connections.create(hub.callerFor(scene.account.id), {
      integrationId: 'pinestreet',
      provider: 'html',
      title: 'Offer',
      fields: new Map([['html', new JsonText(JSON.stringify(html))]]),
    })
    await signedIn(async (page, go) => {
      await go(`/console/as/pinestreet/connections/${connection.id}`)
      assert.equal(await page.locator('iframe').count(), 0, 'nothing of it runs unasked')
      await page.getByRole('button', { name: 'Show it in a frame' }).click()
      const frame = page.frameLocator('iframe[title="Preview of the snippet"]')
      await frame.getByText('Offer: apart, no cookies').waitFor()
      await expectAccessible(page)
    })
  })
})

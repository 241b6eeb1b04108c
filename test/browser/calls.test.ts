// A connection tried out at the console, in a real browser: a call with what it would send, and a snippet in a frame.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { expectAccessible, expectNarrow, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'
import { type Sandboxed, sampleOf, startSandboxed } from '../support/sandbox.ts'

describe('trying out a connection', { skip: whyNoBrowser() }, () => {
  let hub: Sandboxed
  let browser: Browser
  before(async () => {
    hub = await startSandboxed()
    browser = await startBrowser()
  })
  after(async () => {
    await browser.close()
    await hub.close()
  })

  async function signInLink(): Promise<string> {
    const { text } = await hub.api.hub.consoleSessions.createLink(hub.account.id)
    return `${hub.api.address}/#sign-in=${text}`
  }
  const signedIn: SignedIn = (use) => visit(browser, { api: hub.api, signInLink }, use)

  test('a call shows what it would send, with the credential masked, and then what the provider answers', async () => {
    const fields = sampleOf('stripe', 'valid')
    const { id } = await hub.verifyNew('stripe', fields)
    await signedIn(async (page, go) => {
      await go(`/console/as/1/connections/${id}`)
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
      assert.ok(code.includes(`curl '${hub.api.address}/v2/connections/${id}/proxy/v1/balance'`), code)
      assert.ok(code.includes("-H 'Integration-ID: 1'"), code)
      assert.ok(code.includes("-H 'stripe-version: 2026-01-01'"), code)
      await page.getByRole('dialog').getByText('TypeScript').click()
      await page.getByText(`.connections.fetch(${id}, '/v1/balance'`).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Status 200').waitFor()
      await page.getByText('Mortise-Origin: upstream').waitFor()
      await page.getByText('"object": "balance"').waitFor()
      await expectAccessible(page)
      assert.ok(!(await page.content()).includes(fields.secret_key ?? ''))
      assert.equal(hub.sandbox.requests().at(-1)?.header('stripe-version'), '2026-01-01')

      await page.getByLabel('Path').fill('//elsewhere.example/')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByRole('alert').getByText('from Mortise').waitFor()
      await page.setViewportSize({ width: 360, height: 800 })
      await expectNarrow(page)
    })
  })

  test('a snippet runs in a frame, and can reach neither the page around it nor the hub', async () => {
    const html = `<h2 id="it">Offer</h2><script>
      const told = []
      try { told.push(parent.document.title) } catch { told.push('apart') }
      try { told.push(document.cookie) } catch { told.push('no cookies') }
      document.getElementById('it').append(': ' + told.join(', '))
    </script>`
    const id = await hub.make('html', { html })
    await signedIn(async (page, go) => {
      await go(`/console/as/1/connections/${id}`)
      assert.equal(await page.locator('iframe').count(), 0, 'nothing of it runs unasked')
      await page.getByRole('button', { name: 'Show it in a frame' }).click()
      const frame = page.frameLocator('iframe[title="Preview of the snippet"]')
      await frame.getByText('Offer: apart, no cookies').waitFor()
      await expectAccessible(page)
    })
  })
})

// Webhooks and events at the console, in a real browser: made, failing, understood, mended and replayed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { expectAccessible, expectNarrow, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { hostile, type Scene, startScene } from '../support/console-scene.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'

describe('webhooks at the console', { skip: whyNoBrowser() }, () => {
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
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const rename = async (name: string) => {
    const { hub } = scene.api
    await hub.integrations.change(hub.callerFor(scene.account.id), 'pinestreet', { name })
  }

  /** As soon as the receiver has refused something. */
  async function untilFailing(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const found = await scene.api.db.selectFrom('webhooks').select('failing_since').execute()
      if (found.some(({ failing_since }) => failing_since !== null)) return
      await setTimeout(50)
    }
    assert.fail('Nothing was sent within ten seconds.')
  }

  test('one is made, fails, is understood on the first page, mended, and what it missed is replayed', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/1/webhooks')
      await page.getByText('No webhooks here yet').waitFor()
      await expectAccessible(page)
      await page.getByRole('link', { name: 'New webhook' }).first().click()
      await page.getByLabel('Title').fill(hostile)
      await page.getByLabel('Everything (*)').uncheck()
      await page.getByLabel('Everything of integrations').check()
      await page.getByLabel('connection.deleted').check()
      await expectAccessible(page)
      await page.getByLabel('Address').fill('not an address')
      await button(page, 'New webhook').click()
      await page.getByRole('alert').getByText('Nothing was saved').waitFor()
      await page.getByLabel('Address').fill(`${scene.receiver.address}/orders`)
      await button(page, 'New webhook').click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('cannot be shown again').waitFor()
      const secret = await dialog.getByLabel('Signing secret').innerText()
      assert.match(secret, /^whsec_/)
      await expectAccessible(page)
      await button(page, 'I have copied it').click()
      await page.getByRole('heading', { name: hostile }).waitFor()
      await page.getByText('integration.*, connection.deleted').waitFor()
      assert.ok(!(await page.content()).includes(secret))

      const takes = scene.receiver.answer
      scene.receiver.answer = (_request, response) =>
        response.writeHead(500).end('{"error":"the database is <b>down</b>"}')
      await rename('Renamed')
      await untilFailing()
      await go('/')
      const row = page.getByRole('listitem').filter({ hasText: 'See why' })
      await row.getByText('answered 500').waitFor()
      await expectAccessible(page)
      await row.getByRole('link', { name: 'See why' }).click()
      await page.getByRole('status').getByText('Failing').waitFor()
      await expectAccessible(page)
      await page.getByRole('link', { name: 'integration.updated' }).click()
      await page.getByText('the database is <b>down</b>').waitFor()
      await page.getByText('"name": "Renamed"').waitFor()
      await page.getByText('webhook-signature').waitFor()
      await expectAccessible(page)

      scene.receiver.answer = takes
      await button(page, 'Replay').click()
      await page.getByRole('status').getByText('Delivered').waitFor()
      await page.getByRole('link', { name: hostile }).click()
      await page.getByRole('status').getByText('Enabled').waitFor()
      await button(page, 'Send a test').click()
      await page.getByText('The test got 204').waitFor()
      assert.equal(await page.locator('img').count(), 0)
    })
  })

  test('one is disabled, enabled, given another secret, and deleted; a range is replayed', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/1/webhooks/new')
      await page.getByLabel('Address').fill(`${scene.receiver.address}/second`)
      await page.getByLabel('Title').fill('Second')
      await button(page, 'New webhook').click()
      await button(page, 'I have copied it').click()
      await button(page, 'Replay a range').click()
      await page.getByRole('dialog').getByLabel('All, also what was delivered').check()
      await expectAccessible(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
      await page.getByText('deliveries begin anew.').waitFor()
      await page.getByRole('link', { name: 'webhook.created' }).first().waitFor()
      await page.getByRole('combobox', { name: 'State' }).click()
      await page.getByRole('option', { name: 'Given up' }).click()
      await page.getByText('None in this state.').waitFor()
      assert.equal(new URL(page.url()).searchParams.get('status'), 'exhausted')

      await button(page, 'Disable').click()
      await page.getByRole('status').getByText('It was disabled by a request.').waitFor()
      await button(page, 'Enable').click()
      await page.getByRole('status').getByText('Enabled').waitFor()
      await button(page, 'Rotate secret').click()
      await page.getByRole('dialog').getByText('signed with both').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click()
      await page.getByText('For 24 hours each delivery carries two signatures').waitFor()
      assert.match(await page.getByLabel('Signing secret').innerText(), /^whsec_/)
      await button(page, 'I have copied it').click()

      await button(page, 'Edit').click()
      await page.getByLabel('Metadata').fill('[1]')
      await button(page, 'Save').click()
      await page.getByText('This has to be a JSON object.').waitFor()
      await page.getByLabel('Metadata').fill('{"team": "shop"}')
      await button(page, 'Save').click()
      await page.getByText('{"team":"shop"}').waitFor()
      await button(page, 'Delete').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('heading', { name: 'Webhooks' }).waitFor()
      await page.getByRole('link', { name: 'Second' }).waitFor({ state: 'detached' })
    })
  })

  test('events are found by type and integration, and lead to what they are about and where they were sent', async () => {
    await signedIn(async (page, go) => {
      await rename(hostile)
      await go('/console/events')
      await page.getByRole('link', { name: 'integration.updated' }).first().waitFor()
      await expectAccessible(page)
      await page.getByRole('combobox', { name: 'Type' }).click()
      await page.getByRole('option', { name: 'connection.created' }).click()
      await page.getByRole('link', { name: 'integration.updated' }).first().waitFor({ state: 'detached' })
      assert.equal(new URL(page.url()).searchParams.get('type'), 'connection.created')
      await page.getByLabel('Integration id').fill('nobody')
      await page.getByText('No event is like that').waitFor()

      await go('/console/events?type=integration.updated')
      await page.getByRole('link', { name: 'integration.updated' }).first().click()
      await page.getByText(`"name": "${hostile}"`).waitFor()
      await page.getByText('An integration was changed.').waitFor()
      await expectAccessible(page)
      await page.getByRole('link', { name: hostile }).click()
      await page.getByRole('heading', { name: 'Delivery of integration.updated' }).waitFor()
      await page.goBack()
      await page.getByRole('link', { name: 'The object as it is now' }).click()
      await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor()
      assert.equal(await page.locator('img').count(), 0)
    })
  })

  test('their pages are accessible and fit a narrow window', async () => {
    await signedIn(async (page, go) => {
      await page.setViewportSize({ width: 360, height: 800 })
      await go('/console/as/1/webhooks')
      await expectAccessible(page)
      await expectNarrow(page)
      await page.getByRole('link', { name: hostile }).click()
      await page.getByRole('link', { name: 'integration.updated' }).first().waitFor()
      await expectAccessible(page)
      await expectNarrow(page)
      await page.getByRole('link', { name: 'integration.updated' }).first().click()
      await page.getByText('"type": "integration.updated"').waitFor()
      await expectNarrow(page)
      for (const path of ['/', '/console/as/1/webhooks/new', '/console/events']) {
        await go(path)
        await expectAccessible(page)
        await expectNarrow(page)
      }
    })
  })
})

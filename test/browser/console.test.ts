// What people do at the console, in a real browser: sign in, see what is broken, mend it, and leave.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { expectAccessible, expectNarrow, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { consolePages } from '../support/console-pages.ts'
import { goodKey, hostile, type Scene, startScene } from '../support/console-scene.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'

describe('the console', { skip: whyNoBrowser() }, () => {
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

  test('a broken credential is found on the first page, understood, and mended there', async () => {
    await signedIn(async (page) => {
      assert.equal(new URL(page.url()).hash, '', 'the link is not kept in the address')
      await page.getByText('Stripe does not accept this credential.').first().waitFor()
      await expectAccessible(page)
      await page.getByRole('link', { name: 'Replace credentials' }).click()
      await page.getByLabel('Secret key').fill('rk_test_AnotherThatIsWrong000026')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').getByText('Nothing was changed', { exact: true }).waitFor()
      await expectAccessible(page)

      await page.getByLabel('Secret key').fill(goodKey)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('status').getByText('Healthy').waitFor()
      await page.getByRole('status').getByText('Pinestreet Technology AB').waitFor()
      await page.getByRole('link', { name: 'Overview' }).click()
      await page.getByText('Nothing needs attention.').waitFor()
      assert.ok(!(await page.content()).includes(goodKey))
    })
  })

  test('a connection is made from its provider, and deleted', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections')
      await page.getByRole('link', { name: 'New connection' }).click()
      await page.getByRole('button', { name: 'Stripe' }).click()
      await page.getByLabel('Title').fill('Second shop')
      await page.getByLabel('Secret key').fill(goodKey)
      await page.getByRole('button', { name: 'New connection' }).click()
      await page.getByRole('heading', { name: 'Second shop' }).waitFor()
      await page.getByRole('status').getByText('Healthy').waitFor()
      await page.getByRole('button', { name: 'Delete' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('This cannot be undone.').waitFor()
      await expectAccessible(page)
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('heading', { name: 'Connections' }).waitFor()
      await page.getByText('Shop payments').waitFor()
      assert.equal(await page.getByText('Second shop').count(), 0)
    })
  })

  test('a key is shown once, works, is rolled, and is refused once it is revoked', async () => {
    await signedIn(async (page, go) => {
      await go('/console/api-keys')
      await page.getByRole('button', { name: 'New API key' }).click()
      await page.getByLabel('What it is for').fill('checkout service')
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'New API key' }).click()
      /** Shown once: afterwards nothing in the page has it. */
      async function takeKey(): Promise<string> {
        await page.getByText('cannot be shown again').waitFor()
        await expectAccessible(page)
        const key = await page.getByLabel('API key', { exact: true }).innerText()
        await page.getByRole('button', { name: 'I have copied it' }).click()
        assert.ok(!(await page.content()).includes(key))
        return key
      }
      const statusOf = async (key: string) => {
        const headers = { authorization: `Token ${key}` }
        return (await fetch(`${scene.api.address}/v2/integrations/`, { headers })).status
      }
      const key = await takeKey()
      assert.equal(await statusOf(key), 200)

      const rows = page.getByRole('listitem').filter({ hasText: 'checkout service' })
      await rows.getByRole('button', { name: 'Roll' }).click()
      await dialog.getByText('This one still works for an hour.').waitFor()
      await dialog.getByRole('button', { name: 'Roll' }).click()
      const rolled = await takeKey()
      assert.notEqual(rolled, key)
      assert.deepEqual([await statusOf(key), await statusOf(rolled)], [200, 200])

      await rows.last().getByRole('button', { name: 'Revoke' }).click()
      await dialog.getByRole('button', { name: 'Revoke' }).click()
      await rows.last().getByText('Revoked').waitFor()
      assert.deepEqual([await statusOf(key), await statusOf(rolled)], [200, 401])
    })
  })

  test('a session that has ended comes back to where it was', async () => {
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections?q=Newsletter')
      await scene.api.db.deleteFrom('console_sessions').execute()
      await page.getByLabel('Search titles').fill('Shop')
      await page.getByLabel('API key').first().fill(scene.account.key)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('Shop payments').waitFor()
      assert.equal(new URL(page.url()).searchParams.get('q'), 'Shop')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in to Mortise' }).waitFor()
      assert.deepEqual(await scene.api.db.selectFrom('console_sessions').selectAll().execute(), [])
    })
  })

  test('every page is accessible and fits a narrow window, and shows names as the text they are', async () => {
    await signedIn(async (page, go) => {
      await page.setViewportSize({ width: 360, height: 800 })
      for (const path of Object.values(consolePages)) {
        await go(path)
        await expectAccessible(page)
        await expectNarrow(page)
      }
      await go('/console/as/pinestreet/connections')
      await page.getByRole('link', { name: hostile }).waitFor()
      await go('/console/integrations')
      await page.getByRole('link', { name: hostile }).waitFor()
      assert.equal(await page.locator('img').count(), 0)
    })
  })
})

// What operators do at the console, in a real browser: the vault, what is in force, and other accounts.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { newAccount } from '../support/api.ts'
import { expectAccessible, startBrowser, whyNoBrowser } from '../support/browser.ts'
import { type Scene, startScene } from '../support/console-scene.ts'
import { type SignedIn, visit } from '../support/console-visit.ts'

describe('operators at the console', { skip: whyNoBrowser() }, () => {
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

  test('a recovery code is made, shown once, tried, and removed; what is last is not', async () => {
    await signedIn(async (page, go) => {
      await go('/console/vault')
      await page.getByText('Only one thing opens this store.').waitFor()
      await page.getByRole('button', { name: 'Remove: Key file' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Remove' }).click()
      await dialog.getByRole('alert').getByText('the last that opens this store').waitFor()
      await expectAccessible(page)
      await dialog.getByRole('button', { name: 'Cancel' }).click()

      await page.getByRole('button', { name: 'Add recovery code' }).click()
      const code = await page.getByLabel('Recovery code', { exact: true }).innerText()
      assert.match(code, /^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/)
      await expectAccessible(page)
      await page.getByRole('button', { name: 'I have written it down' }).click()
      assert.ok(!(await page.content()).includes(code))
      await page.getByRole('button', { name: 'Test one' }).click()
      await dialog.getByLabel('The code, passphrase or key').fill(code)
      await dialog.getByRole('button', { name: 'Test', exact: true }).click()
      await dialog.getByRole('status').getByText('It opens the store: Recovery code').waitFor()
      await dialog.getByLabel('The code, passphrase or key').fill('0000-0000')
      await dialog.getByRole('button', { name: 'Test', exact: true }).click()
      await dialog.getByRole('alert').waitFor()
      await dialog.getByRole('button', { name: 'Close' }).last().click()
      await page.getByRole('button', { name: 'Remove: Recovery code' }).click()
      await dialog.getByRole('button', { name: 'Remove' }).click()
      await page.getByText('Only one thing opens this store.').waitFor()
    })
  })

  test('root key and data keys are rotated with progress, and an old one is dropped', async () => {
    await signedIn(async (page, go) => {
      await go('/console/vault')
      await page.getByText('A rotation seals 3 values anew.').waitFor()
      for (const [at, done] of [
        [0, /Done: \d+ anew\./],
        [1, 'Done: 3 anew.'],
      ] as const) {
        await page.getByRole('button', { name: 'Rotate' }).nth(at).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
        await page.getByRole('status').getByText(done).waitFor()
      }
      await expectAccessible(page)
      const drop = page.getByRole('button', { name: 'Drop' })
      await drop.first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Drop' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal((await scene.api.hub.rootRotation.list()).length, 1)
      const caller = scene.api.hub.callerFor(scene.account.id)
      assert.equal(
        (await scene.api.hub.verification.verify(caller, 2)).shown.connection.health.status,
        'healthy',
      )
    })
  })

  test('another account is looked at from the header, on record in both, and its pages are its own', async () => {
    const other = await newAccount(scene.api)
    await signedIn(async (page, go) => {
      await go('/console/as/pinestreet/connections')
      await page.getByRole('combobox', { name: 'Account' }).click()
      await page.getByRole('option', { name: `${other.id} · Test product` }).click()
      await page.getByText('No connections yet').waitFor()
      await go('/console/settings')
      await page.getByText(`You look at this account as an operator whose own is account`).waitFor()
      await expectAccessible(page)
      await go('/console/as/pinestreet/connections/1')
      await page.getByRole('alert').waitFor()
      await go('/console/audit?action=session.started')
      await page.getByText('{"with":"operator"}').waitFor()
      await page.getByRole('combobox', { name: 'Account' }).click()
      await page.getByRole('option', { name: `${scene.account.id} · Test product` }).click()
      await page.getByText('Needs attention').waitFor()
      await go('/console/audit?action=session.switched')
      await page.getByText(`{"account":${other.id}}`).waitFor()
      await page.getByRole('button', { name: 'Verify' }).click()
      await page.getByText(/^\d+ records, all as they were written\.$/).waitFor()
      await expectAccessible(page)
    })
  })

  test("a tenant's session is told that vault and settings are for operators, and by what it would be one", async () => {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      await page.goto(`${scene.api.address}/console/vault`)
      await page.getByLabel('API key').first().fill(scene.account.key)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('The vault is for operators of this installation').waitFor()
      await expectAccessible(page)
      assert.equal(await page.getByRole('combobox', { name: 'Account' }).count(), 0)
      assert.equal(await page.getByRole('link', { name: 'Vault' }).count(), 0)
      await page.getByRole('banner').getByText('Test product').waitFor()
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByText('What the installation is set to is shown to its operators').waitFor()
      assert.equal(await page.getByText('DATABASE_URL').count(), 0)
    } finally {
      await context.close()
    }
  })

  test('signing out everywhere ends the sessions of other browsers too', async () => {
    await signedIn(async (elsewhere) => {
      await signedIn(async (page, go) => {
        await go('/console/settings')
        await page.getByText('DATABASE_URL').waitFor()
        await page.getByRole('button', { name: 'Sign out everywhere' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
        await page.getByRole('heading', { name: 'Sign in to Mortise' }).waitFor()
      })
      await elsewhere.getByRole('link', { name: 'Integrations' }).click()
      await elsewhere.getByRole('heading', { name: 'Sign in to Mortise' }).waitFor()
    })
  })
})

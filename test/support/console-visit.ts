// A person at the console: a browser of their own, in which nothing may have gone wrong by the end.
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { openPage } from './browser.ts'
import type { Scene } from './console-scene.ts'

type Use = (page: Page, go: (path: string) => Promise<void>) => Promise<void>
export type SignedIn = (use: Use) => Promise<void>

/** @param scene where there is somebody to sign in as */
export async function visit(
  browser: Browser,
  scene: Pick<Scene, 'signInLink'> & { readonly api: { readonly address: string } },
  use: Use,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(10_000)
  const { page, complaints } = await openPage(context)
  try {
    await page.goto(await scene.signInLink())
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await use(page, async (path) => {
      await page.goto(`${scene.api.address}${path}`)
      await page.locator('h1').waitFor()
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
    })
    assert.deepEqual(complaints, [])
  } finally {
    await context.close()
  }
}

// A real Chromium, and what every page has to hold: no violation of its policy, nothing on the console, axe clean.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const program = places.find((place) => existsSync(place))
const built = new URL('../../console/dist/index.html', import.meta.url)

/** Why tests in a browser cannot run here; on CI, they have to. */
export function whyNoBrowser(): string | false {
  const reason = !program
    ? 'there is no Chromium here: apt-get install chromium'
    : !existsSync(built)
      ? 'the console is not built: npm run build -w console'
      : false
  if (reason && process.env.CI) throw new Error(reason)
  return reason
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  })
}

/** A page whose complaints are gathered from its first moment on. */
export async function openPage(
  context: BrowserContext,
): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // A refusal that the page shows is told there too, by the browser itself.
    const isRefusal = message.text().startsWith('Failed to load resource: the server responded with')
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`)
  return { page, complaints }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Judged by the rules of WCAG 2.2 AA, and its colours in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
  assert.deepEqual(await violations(page, rules), [], `axe on ${page.url()}`)
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.deepEqual(await violations(page, { runOnly: ['color-contrast'] }), [], `in dark: ${page.url()}`)
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Whatever is on a page, a window of 360 pixels is wide enough for it. */
export async function expectNarrow(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  assert.equal(overflow, 0, `${page.url()} is no wider than the window`)
}

async function violations(page: Page, options: object): Promise<unknown> {
  // What moves is judged when it stands.
  await page.evaluate(
    'Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))).then(() => null)',
  )
  await page.evaluate(`globalThis.axe ?? (() => { ${axe} })()`)
  return page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join(' | ')))`,
  )
}

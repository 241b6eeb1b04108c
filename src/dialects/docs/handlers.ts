// The documentation, the reference and the pages of errors: served by the hub itself, which asks nobody else for anything.
import type { docsRoutes } from '../../contract/docs.ts'
import type { Media } from '../../contract/route.ts'
import { errorCodes, notFound } from '../../hub/errors.ts'
import type { Handlers } from '../bind.ts'
import { readAssets } from './assets.ts'
import { errorPage } from './error-pages.ts'
import { findGuide, guidePage, homePage, llmsText, readGuide } from './guides.ts'
import { type Html, pageOf, referencePage } from './pages.ts'

/** Scripts and styles from here alone, none of them inline, and nothing is evaluated. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** @param publicUrl where links begin; a hub may stand below a path of its address */
export function docsHandlers({ publicUrl }: { publicUrl: () => string }): Handlers<typeof docsRoutes> {
  const assets = readAssets()
  const base = () => new URL(publicUrl()).pathname.replace(/\/$/, '')
  const show = (html: Html): Media => ({
    mediaType: 'text/html; charset=utf-8',
    bytes: Buffer.from(html.text),
    policy,
  })
  const showText = (kind: 'plain' | 'markdown', text: string): Media => ({
    mediaType: `text/${kind}; charset=utf-8`,
    bytes: Buffer.from(text),
    isMomentary: true,
  })
  return {
    async home() {
      return show(pageOf(base(), 'Documentation', homePage(base())))
    },
    async llms() {
      return showText('plain', llmsText(publicUrl()))
    },
    async page({ params: { page } }) {
      const isMarkdown = page.endsWith('.md')
      const guide = findGuide(isMarkdown ? page.slice(0, -3) : page)
      if (!guide) throw notFound()
      if (isMarkdown) return showText('markdown', await readGuide(guide))
      return show(pageOf(base(), guide.title, await guidePage(base(), guide)))
    },
    async reference() {
      return show(pageOf(base(), 'API reference', referencePage(base())))
    },
    async asset({ params: { name } }) {
      const asset = await assets.find(name)
      if (!asset) throw notFound()
      return { ...asset, policy }
    },
    async error({ params: { code } }) {
      const known = Object.keys(errorCodes).find((name) => name === code)
      if (known === undefined) throw notFound()
      return show(pageOf(base(), `Error: ${code}`, errorPage(base(), known as keyof typeof errorCodes)))
    },
  }
}

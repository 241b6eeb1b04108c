// Takes the fenced code blocks out of the two vendor documents, in the order in which they are printed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

export type Document = 'v1' | 'v2'
export const sampleLanguages = ['shell', 'javascript', 'python'] as const
export type SampleLanguage = (typeof sampleLanguages)[number]

/** `section` is the `##` heading that the block stands under, `text` what stands between the two fences. */
export type Block = {
  readonly document: Document
  readonly section: string
  readonly language: string
  readonly text: string
}

export function seedText(document: Document): string {
  return readFileSync(new URL(`../seeds/${document}.md`, import.meta.url), 'utf8')
}

/** A fence closes only with three backticks on a line of their own, so a sample keeps what is glued to it. */
export function seedBlocks(document: Document): Block[] {
  const blocks: Block[] = []
  let section = ''
  let open: { language: string; lines: string[] } | undefined
  for (const line of seedText(document).split('\n')) {
    if (open && line === '```') {
      blocks.push({ document, section, language: open.language, text: open.lines.join('\n') })
      open = undefined
    } else if (open) {
      open.lines.push(line)
    } else if (line.startsWith('```')) {
      open = { language: line.slice(3), lines: [] }
    } else if (line.startsWith('## ')) {
      section = line.slice(3)
    }
  }
  assert.equal(open, undefined, `${document}: the last code block is never closed`)
  return blocks
}

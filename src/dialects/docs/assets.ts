// The files of the reference: the viewer's, from its package, and those beside this file.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Media } from '../../contract/route.ts'
import { digestOf } from '../media.ts'

const pack = promisify(gzip)

const javascript = 'text/javascript; charset=utf-8'
const stylesheet = 'text/css; charset=utf-8'

/** The whole list: nothing else of the package is served. */
const files: ReadonlyArray<{ name: string; file: string; mediaType: string }> = [
  ofViewer('swagger-ui-bundle.js', javascript),
  ofViewer('swagger-ui.css', stylesheet),
  ofViewer('favicon-32x32.png', 'image/png'),
  ours('reference.js', javascript),
  ours('docs.css', stylesheet),
  ofDocs('concepts.svg', 'image/svg+xml'),
]

/** Files are read and packed when they are first asked for: most servers never are. */
export function readAssets(): { find(name: string): Promise<Media> | undefined } {
  const read = new Map<string, Promise<Media>>()
  return {
    find(name) {
      const listed = files.find((file) => file.name === name)
      if (!listed) return undefined
      const asset = read.get(name) ?? readAsset(listed)
      read.set(name, asset)
      return asset
    },
  }
}

async function readAsset({ file, mediaType }: (typeof files)[number]): Promise<Media> {
  const bytes = await readFile(file)
  return { mediaType, bytes, gzipped: await pack(bytes), tag: digestOf(bytes) }
}

function ofDocs(name: string, mediaType: string) {
  return { name, file: fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), mediaType }
}

/** A package has it beside our own files, a clone where npm put it. */
function ofViewer(name: string, mediaType: string) {
  const { file } = ours(`viewer/${name}`, mediaType)
  if (existsSync(file)) return { name, file, mediaType }
  return { name, file: fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), mediaType }
}

function ours(name: string, mediaType: string) {
  return { name, file: fileURLToPath(new URL(`browser/${name}`, import.meta.url)), mediaType }
}

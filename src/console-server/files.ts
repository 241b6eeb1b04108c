// The console's page and its files, as the build left them: read once, when first asked for.
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '../hub/errors.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const builtConsole = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** Stands in the page, which is the only file that is not sent as it is. */
const noncePlace = '__MORTISE_NONCE__'

type Built = {
  readonly page: string
  /** By name: the bytes, and the same compressed. */
  readonly files: ReadonlyMap<string, { readonly bytes: Buffer; readonly brotli: Buffer | undefined }>
}

/** @param folder with `index.html` and `assets/`, whose names change with their contents */
export function bindFiles(app: FastifyInstance, folder = builtConsole): void {
  let loading: Promise<Built | undefined> | undefined
  const built = () => {
    loading ??= load(folder)
    return loading
  }

  async function sendPage(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const found = await built()
    reply.header('content-type', 'text/html; charset=utf-8')
    if (!found) {
      // Whoever builds it now need not start the server again.
      loading = undefined
      return reply.code(503).send(notBuilt)
    }
    const nonce = randomBytes(18).toString('base64')
    return reply
      .header('content-security-policy', policy(nonce))
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .send(found.page.replaceAll(noncePlace, nonce))
  }

  app.get('/', sendPage)
  app.get('/console/*', sendPage)
  app.get<{ Params: { name: string } }>('/console/assets/:name', async (request, reply) => {
    const file = (await built())?.files.get(request.params.name)
    const type = mediaTypes[extname(request.params.name)]
    if (!file || !type) throw notFound()
    const isCompressed = file.brotli && /\bbr\b/.test(request.headers['accept-encoding'] ?? '')
    reply.headers({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      vary: 'accept-encoding',
      ...(isCompressed && { 'content-encoding': 'br' }),
    })
    return reply.send(isCompressed ? file.brotli : file.bytes)
  })
}

/** Styles that are made in the page carry the nonce; nothing else that stands in the page is run or applied. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Mortise</title>
<h1>The console is not built</h1>
<p>The API is served all the same. To build the console, run this in Mortise's folder, and load this page again:</p>
<pre>npm run build -w console</pre>
</html>
`

async function load(folder: string): Promise<Built | undefined> {
  const assets = join(folder, 'assets')
  try {
    const page = await readFile(join(folder, 'index.html'), 'utf8')
    const all = new Map<string, Buffer>()
    for (const name of await readdir(assets)) all.set(name, await readFile(join(assets, name)))
    const plain = [...all].filter(([name]) => !name.endsWith('.br'))
    const files = new Map(plain.map(([name, bytes]) => [name, { bytes, brotli: all.get(`${name}.br`) }]))
    return { page, files }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

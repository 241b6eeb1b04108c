// Puts into dist/ what the package holds beside bin/: JavaScript, for Node runs no TypeScript below node_modules, and
// every file that it reads, each where it stands in a clone.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** As patterns below the root. */
const read = ['package.json', 'console/dist/**/*', 'docs/**/*.{md,json,svg,yml}', 'src/**/*.{js,css}']

const viewer = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png', 'LICENSE', 'NOTICE']

rmSync(dist, { recursive: true, force: true })
if (!existsSync(join(root, 'console/dist/index.html'))) {
  throw new Error('The console is not built: npm run build -w console')
}
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'packaging'], {
  cwd: root,
  stdio: 'inherit',
})
for (const file of globSync(read, { cwd: root, withFileTypes: true })) {
  if (!file.isFile()) continue
  const from = join(file.parentPath, file.name)
  copy(from, join(dist, from.slice(root.length)))
}
// The viewer is copied rather than depended on: one of its dependencies tells its maker of every installation.
const viewerFolder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
for (const name of viewer)
  copy(join(viewerFolder, name), join(dist, 'src/dialects/docs/browser/viewer', name))

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}

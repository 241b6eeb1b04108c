// How the console is built: files whose names change with their contents, and each compressed beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const assets = fileURLToPath(new URL('dist/assets', import.meta.url))

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name))) {
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10 }
        const small = brotliCompressSync(readFileSync(join(assets, name)), { params })
        writeFileSync(join(assets, `${name}.br`), small)
      }
    },
  }
}

// biome-ignore lint/style/noDefaultExport: Vite asks for it.
export default defineConfig({
  base: '/console/',
  resolve: {
    alias: { '@mortise/sdk': fileURLToPath(new URL('../sdk/src/index.ts', import.meta.url)) },
  },
  plugins: [react(), compressed()],
  html: { cspNonce: '__MORTISE_NONCE__' },
  build: {
    target: 'es2023',
    // The page's policy takes files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
})

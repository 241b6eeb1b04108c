// Pages for people who write programs against the API: its reference, and what each error means. They need no key.
import { defineRoutes } from './route.ts'

const page = { status: 200, description: 'A page.', mediaType: 'text/html' } as const

export const docsRoutes = defineRoutes({
  reference: {
    method: 'GET',
    path: '/docs/',
    summary: 'The reference of the API, for people',
    scope: 'public',
    reply: page,
  },
  asset: {
    method: 'GET',
    path: '/docs/assets/:name',
    summary: 'A script, style or picture of these pages',
    scope: 'public',
    reply: { status: 200, description: 'The file.', mediaType: '*/*' },
  },
  errors: {
    method: 'GET',
    path: '/docs/errors/',
    summary: 'Every error code there is',
    scope: 'public',
    reply: page,
  },
  error: {
    method: 'GET',
    path: '/docs/errors/:code',
    summary: 'What an error means, and what to do; where `doc_url` leads',
    scope: 'public',
    reply: page,
  },
})

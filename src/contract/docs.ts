// Pages for people who write programs against the API: its reference, and what each error means. They need no key.
import { defineRoutes } from './route.ts'

const page = { status: 200, description: 'A page.', mediaType: 'text/html' } as const

export const docsRoutes = defineRoutes({
  home: {
    method: 'GET',
    path: '/docs/',
    summary: 'The documentation, for people',
    scope: 'public',
    reply: page,
  },
  llms: {
    method: 'GET',
    path: '/llms.txt',
    summary: 'The documentation, for programs that read: where each page is',
    scope: 'public',
    reply: { status: 200, description: 'A list.', mediaType: 'text/plain' },
  },
  page: {
    method: 'GET',
    path: '/docs/:page',
    summary: 'A page of the documentation; as Markdown where the name ends so',
    scope: 'public',
    reply: page,
  },
  reference: {
    method: 'GET',
    path: '/docs/reference/',
    summary: 'The reference of the API, for people, with requests to try',
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
  error: {
    method: 'GET',
    path: '/docs/errors/:code',
    summary: 'What an error means, and what to do; where `doc_url` leads',
    scope: 'public',
    reply: page,
  },
})

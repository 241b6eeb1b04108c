// The documented example of a declared provider, and small declarations to go wrong with.
import { readFileSync } from 'node:fs'

const documentation = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')

/** The file that the documentation shows. */
export const [, example = ''] = /^### Adding a provider$.*?^```json\n(.*?)^```$/ms.exec(documentation) ?? []

export const exampleSecret = `ak_${'0123456789'.repeat(2)}`

/** A connection made of it. */
export const given = {
  provider: 'acme_crm',
  title: 'Our Acme',
  fields: {
    api_url: 'https://pinestreet.acme.example',
    api_key: exampleSecret,
    defaults: { zebra: 1, ant: 2 },
  },
}

/** What v2 shows of that. */
export const shown = {
  provider: 'acme_crm',
  type: 'IntegrationAcmeCrm',
  integration_type: 'email',
  title: 'Our Acme',
  fields: { api_url: given.fields.api_url, plan: 'basic', defaults: given.fields.defaults },
}

type Json = Readonly<Record<string, unknown>>
export const field = (more: Json = {}): Json => ({
  name: 'token',
  title: 'Token',
  help: 'Somewhere.',
  ...more,
})
export const declaration = (more: Json = {}): Json => ({
  name: 'acme',
  title: 'Acme',
  integration_type: 'chat',
  auth: 'bearer',
  fields: [field()],
  ...more,
})
export const withField = (more: Json): Json =>
  declaration({ fields: [field(), field({ name: 'other', ...more })] })

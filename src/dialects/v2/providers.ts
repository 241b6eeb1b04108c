// Providers in v2: read the wire, look into the catalogue, show the result.
import type { Static } from 'typebox'
import { capabilitiesOf } from '../../catalogue/capabilities.ts'
import { type IntegrationType, integrationTypes, type Provider } from '../../catalogue/define.ts'
import { fieldSchema } from '../../catalogue/field-schema.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import type { Provider as ProviderSchema, providerRoutes } from '../../contract/v2/providers.ts'
import { invalidField, notFound } from '../../hub/errors.ts'
import { pageOf } from '../../hub/page.ts'
import type { Handlers } from '../bind.ts'
import type { Query } from '../url-encoded.ts'
import { pageView, readPage } from './paging.ts'

export function providerHandlers(needs: {
  catalogue: Catalogue
  publicUrl: () => string
}): Handlers<typeof providerRoutes> {
  const { catalogue, publicUrl } = needs
  return {
    async list({ query, path }) {
      const kind = readKind(query)
      const found = catalogue.providers.filter(
        ({ integrationType }) => kind === undefined || integrationType === kind,
      )
      const page = await pageOf(readPage(query), {
        count: async () => found.length,
        window: async (limit, offset) => found.slice(offset, offset + limit),
      })
      return pageView(page, `${publicUrl()}${path}`, query, providerView)
    },
    async retrieve({ params }) {
      const provider = catalogue.find(params.name)
      if (!provider) throw notFound()
      return providerView(provider)
    },
  }
}

function readKind(query: Query): IntegrationType | undefined {
  const [text = '', ...more] = query.all('integration_type')
  if (more.length > 0) throw invalidField('integration_type', 'This parameter may be given only once.')
  if (text === '') return undefined
  const kind = integrationTypes.find((known) => known === text)
  if (kind !== undefined) return kind
  // What was sent is not repeated: it may be a secret in the wrong place.
  throw invalidField(
    'integration_type',
    `Select a valid choice. Choose from: ${integrationTypes.join(', ')}.`,
  )
}

function providerView(provider: Provider): Static<typeof ProviderSchema> {
  const { name, type, integrationType, title, lifecycle, auth } = provider
  const fields = Object.entries(provider.fields)
  return {
    name,
    type,
    integration_type: integrationType,
    title,
    lifecycle: { state: lifecycle.state, note: lifecycle.note ?? null },
    auth,
    fields: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
    secrets: fields.filter(([, { isSecret }]) => isSecret).map(([name]) => name),
    capabilities: capabilitiesOf(provider),
  }
}

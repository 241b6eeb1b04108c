// Providers in v2: read the wire, look into the catalogue, show the result.
import type { Static } from 'typebox'
import { capabilitiesOf } from '../../catalogue/capabilities.ts'
import { integrationTypes, type Provider, secretNames, shownFields } from '../../catalogue/define.ts'
import { fieldSchema } from '../../catalogue/field-schema.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import type { Provider as ProviderSchema, providerRoutes } from '../../contract/v2/providers.ts'
import { notFound } from '../../hub/errors.ts'
import { pageOf } from '../../hub/page.ts'
import type { Handlers } from '../bind.ts'
import { pageView, readPage } from './paging.ts'
import { readChoice } from './parameters.ts'

export function providerHandlers(needs: {
  catalogue: Catalogue
  publicUrl: () => string
}): Handlers<typeof providerRoutes> {
  const { catalogue, publicUrl } = needs
  return {
    async list({ query, path }) {
      const kind = readChoice(query, 'integration_type', integrationTypes)
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

function providerView(provider: Provider): Static<typeof ProviderSchema> {
  const { name, type, integrationType, title, lifecycle, auth } = provider
  return {
    name,
    type,
    integration_type: integrationType,
    title,
    lifecycle: { state: lifecycle.state, note: lifecycle.note ?? null },
    auth,
    fields: Object.fromEntries(shownFields(provider).map(([name, field]) => [name, fieldSchema(field)])),
    secrets: secretNames(provider),
    capabilities: capabilitiesOf(provider),
  }
}

// Integrations in v2: read the wire, call one verb, show the result.
import type { integrationRoutes } from '../../contract/v2/integrations.ts'
import { invalidField } from '../../hub/errors.ts'
import { type Integration, type IntegrationType, integrationTypes } from '../../hub/integration.ts'
import type { IntegrationOperations } from '../../hub/integrations.ts'
import type { Handlers } from '../bind.ts'
import type { Query } from '../url-encoded.ts'
import { identityChangeFrom, identityFrom } from './identity.ts'
import { integrationView } from './integration-view.ts'
import { pageView, readPage } from './paging.ts'
import { readSingle } from './parameters.ts'

export function integrationHandlers(needs: {
  integrations: IntegrationOperations
  publicUrl: () => string
}): Handlers<typeof integrationRoutes> {
  const { integrations, publicUrl } = needs

  const view = (integration: Integration) => integrationView(integration, publicUrl)

  return {
    async list({ query, path }, caller) {
      const page = await integrations.page(caller, { type: readType(query), ...readPage(query) })
      return pageView(page, `${publicUrl()}${path}`, query, view)
    },
    async create({ body }, caller) {
      const given = identityFrom(await body())
      return async ({ integrations }) => view(await integrations.create(caller, given))
    },
    async retrieve({ params }, caller) {
      return view(await integrations.get(caller, params.id))
    },
    async replace({ params, body }, caller) {
      await integrations.getChangeable(caller, params.id)
      return view(await integrations.replace(caller, params.id, identityFrom(await body())))
    },
    async change({ params, body }, caller) {
      await integrations.getChangeable(caller, params.id)
      const given = identityChangeFrom(await body())
      return async ({ integrations }) => view(await integrations.change(caller, params.id, given))
    },
    async remove({ params }, caller) {
      await integrations.remove(caller, params.id)
    },
  }
}

function readType(query: Query): IntegrationType | undefined {
  const text = readSingle(query, 'type')
  if (text === undefined) return undefined
  const type = Object.values(integrationTypes).find((known) => String(known) === text)
  if (type === undefined) {
    throw invalidField('type', `Select a valid choice. ${text} is not one of the available choices.`)
  }
  return type
}

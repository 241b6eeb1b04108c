// How v2 shows integrations.
import type { Static } from 'typebox'
import { mediaRoutes } from '../../contract/media.ts'
import type { Integration as IntegrationSchema } from '../../contract/v2/integrations.ts'
import type { Integration } from '../../hub/integration.ts'
import { identityView } from './identity.ts'

export function integrationView(
  integration: Integration,
  publicUrl: () => string,
): Static<typeof IntegrationSchema> {
  const { id, type, logo, metadata } = integration
  const logoUrl = logo === null ? null : `${publicUrl()}${mediaRoutes.logo.path.replace(':name', logo)}`
  return { id, type, logo: logoUrl, metadata, ...identityView(integration) }
}

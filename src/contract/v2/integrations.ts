// The documented v2 resource: integrations, the identities a caller acts as.
import { Type } from 'typebox'
import type { GivenLogo } from '../../hub/logo.ts'
import { defineRoutes } from '../route.ts'
import { JsonObject, PublicId, shown } from '../types.ts'
import { address, name } from './identity.ts'
import { PageOf, pageQuery } from './page.ts'

const id = PublicId({
  description: 'Unique within the account; a UUID where none is given.',
  examples: ['846291712'],
})
const metadata = JsonObject({ description: 'Any JSON object, given back as it came.', default: {} })

const logo = Type.Optional(
  Type.Unsafe<GivenLogo>({
    type: ['string', 'null'],
    format: 'image',
    description:
      'Image of logo to use: PNG, JPEG, GIF or WebP in base64, with or without `data:image/…;base64,`; or a file of a multipart form. `null` removes it.',
    default: null,
  }),
)

/** A member that is not given is left alone by PATCH, and set to its default by PUT. */
export const NewIntegration = Type.Object({
  id: Type.Optional(id),
  name,
  logo,
  metadata: Type.Optional(metadata),
  ...address,
  address_line_2: Type.Optional(address.address_line_2),
})

export const IntegrationChange = Type.Partial(NewIntegration)

export const Integration = Type.Object({
  id: shown(id),
  name: shown(name),
  type: Type.Integer({ minimum: 1, maximum: 3, description: '1 Web App, 2 Invoice, 3 Custom.' }),
  logo: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Absolute address of the logo.',
  }),
  metadata: shown(metadata),
  email: shown(address.email),
  recipient: shown(address.recipient),
  address_line_1: shown(address.address_line_1),
  address_line_2: shown(address.address_line_2),
  zip_code: shown(address.zip_code),
  city: shown(address.city),
})

/** Room for a picture in base64. */
const bodyBytesMax = 2_097_152

export const integrationRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/integrations/',
    summary: 'List integrations',
    scope: 'integrations:read',
    integrationHeader: 'optional',
    query: Type.Object({
      ...pageQuery,
      type: Type.Optional(Type.String({ description: 'Only those of this type: 1, 2 or 3.' })),
    }),
    reply: { status: 200, description: 'One page, oldest first.', schema: PageOf(Integration) },
  },
  create: {
    method: 'POST',
    path: '/v2/integrations/',
    summary: 'Create a custom integration',
    scope: 'integrations:write',
    boundKeys: 'refused',
    integrationHeader: 'optional',
    idempotent: 'new',
    body: NewIntegration,
    bodyBytesMax,
    reply: { status: 201, description: 'The new integration.', schema: Integration },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/integrations/:id/',
    summary: 'Retrieve an integration',
    scope: 'integrations:read',
    integrationHeader: 'optional',
    reply: { status: 200, description: 'The integration.', schema: Integration },
  },
  replace: {
    method: 'PUT',
    path: '/v2/integrations/:id/',
    summary: 'Replace an integration',
    scope: 'integrations:write',
    integrationHeader: 'optional',
    body: NewIntegration,
    bodyBytesMax,
    reply: { status: 200, description: 'The integration as it is now.', schema: Integration },
  },
  change: {
    method: 'PATCH',
    path: '/v2/integrations/:id/',
    summary: 'Update an integration',
    scope: 'integrations:write',
    integrationHeader: 'optional',
    idempotent: 'integration',
    body: IntegrationChange,
    example: { city: 'Stockholm' },
    bodyBytesMax,
    reply: { status: 200, description: 'The integration as it is now.', schema: Integration },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/integrations/:id/',
    summary: 'Delete a custom integration',
    scope: 'integrations:write',
    boundKeys: 'refused',
    integrationHeader: 'optional',
    reply: { status: 204, description: 'It is gone.' },
  },
})

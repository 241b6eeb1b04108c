// Freelancers: each has an Invoice Integration that follows them. Ours, so bodies are strict.
import { Type } from 'typebox'
import { defineRoutes } from '../route.ts'
import { JsonObject, PublicId, shown, Text } from '../types.ts'
import { address, name } from './identity.ts'
import { PageOf, pageQuery } from './page.ts'

const id = PublicId({ description: 'Unique within the account; a UUID where none is given.' })
const metadata = JsonObject({ description: 'Any JSON object, given back as it came.', default: {} })
const integration = Text({ description: 'The id of the Invoice Integration.', readOnly: true })

/** A member that is not given is left alone by PATCH, and set to its default by PUT. */
export const NewFreelancer = Type.Object(
  {
    id: Type.Optional(id),
    name,
    ...address,
    address_line_2: Type.Optional(address.address_line_2),
    metadata: Type.Optional(metadata),
    integration: Type.Optional(integration),
  },
  { additionalProperties: false },
)

export const FreelancerChange = Type.Partial(NewFreelancer, { additionalProperties: false })

export const Freelancer = Type.Object({
  id: shown(id),
  name: shown(name),
  email: shown(address.email),
  recipient: shown(address.recipient),
  address_line_1: shown(address.address_line_1),
  address_line_2: shown(address.address_line_2),
  zip_code: shown(address.zip_code),
  city: shown(address.city),
  metadata: shown(metadata),
  integration: shown(integration),
})

export const freelancerRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/freelancers/',
    summary: 'List freelancers',
    scope: 'freelancers:read',
    integrationHeader: 'optional',
    codedErrors: true,
    query: Type.Object(pageQuery),
    reply: { status: 200, description: 'One page, oldest first.', schema: PageOf(Freelancer) },
  },
  create: {
    method: 'POST',
    path: '/v2/freelancers/',
    summary: 'Create a freelancer with an Invoice Integration',
    scope: 'freelancers:write',
    boundKeys: 'refused',
    integrationHeader: 'optional',
    codedErrors: true,
    idempotent: 'new',
    body: NewFreelancer,
    reply: { status: 201, description: 'The new freelancer.', schema: Freelancer },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/freelancers/:id/',
    summary: 'Retrieve a freelancer',
    scope: 'freelancers:read',
    integrationHeader: 'optional',
    codedErrors: true,
    reply: { status: 200, description: 'The freelancer.', schema: Freelancer },
  },
  replace: {
    method: 'PUT',
    path: '/v2/freelancers/:id/',
    summary: 'Replace a freelancer',
    scope: 'freelancers:write',
    integrationHeader: 'optional',
    codedErrors: true,
    body: NewFreelancer,
    reply: { status: 200, description: 'The freelancer as it is now.', schema: Freelancer },
  },
  change: {
    method: 'PATCH',
    path: '/v2/freelancers/:id/',
    summary: 'Update a freelancer',
    scope: 'freelancers:write',
    integrationHeader: 'optional',
    codedErrors: true,
    idempotent: 'freelancer',
    body: FreelancerChange,
    example: { city: 'Stockholm' },
    reply: { status: 200, description: 'The freelancer as it is now.', schema: Freelancer },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/freelancers/:id/',
    summary: 'Delete a freelancer and the Invoice Integration',
    scope: 'freelancers:write',
    boundKeys: 'refused',
    integrationHeader: 'optional',
    codedErrors: true,
    reply: { status: 204, description: 'It is gone.' },
  },
})

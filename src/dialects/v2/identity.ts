// Name and address between the wire and the hub, for the resources that have them.
import type { Identity } from '../../hub/integration.ts'
import type { JsonText } from '../../hub/json-text.ts'
import type { GivenLogo } from '../../hub/logo.ts'

/** As the contract writes it. */
type IdentityView = {
  name: string
  email: string
  recipient: string
  address_line_1: string
  address_line_2: string | null
  zip_code: string
  city: string
}

type GivenIdentity = Omit<IdentityView, 'address_line_2'> & { address_line_2?: string | null }

export type GivenExtras = { id?: string; metadata?: JsonText; logo?: GivenLogo }

export function identityView(identity: Identity): IdentityView {
  return {
    name: identity.name,
    email: identity.email,
    recipient: identity.recipient,
    address_line_1: identity.addressLine1,
    address_line_2: identity.addressLine2,
    zip_code: identity.zipCode,
    city: identity.city,
  }
}

export function identityFrom(body: GivenIdentity & GivenExtras) {
  const { name, email, recipient, address_line_1, zip_code, city } = body
  return {
    name,
    email,
    recipient,
    addressLine1: address_line_1,
    zipCode: zip_code,
    city,
    ...(body.address_line_2 !== undefined && { addressLine2: body.address_line_2 }),
    ...extrasFrom(body),
  }
}

/** Only what is given. */
export function identityChangeFrom(
  body: Partial<GivenIdentity> & GivenExtras,
): Partial<Identity> & GivenExtras {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.email !== undefined && { email: body.email }),
    ...(body.recipient !== undefined && { recipient: body.recipient }),
    ...(body.address_line_1 !== undefined && { addressLine1: body.address_line_1 }),
    ...(body.address_line_2 !== undefined && { addressLine2: body.address_line_2 }),
    ...(body.zip_code !== undefined && { zipCode: body.zip_code }),
    ...(body.city !== undefined && { city: body.city }),
    ...extrasFrom(body),
  }
}

function extrasFrom({ id, metadata, logo }: GivenExtras): GivenExtras {
  return {
    ...(id !== undefined && { id }),
    ...(metadata !== undefined && { metadata }),
    ...(logo !== undefined && { logo }),
  }
}

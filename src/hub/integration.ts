// What an integration is: the identity a caller acts as.
import type { JsonText } from './json-text.ts'
import type { GivenLogo } from './logo.ts'
import type { Timestamp } from './timestamp.ts'

/** Web App: one per account, made with it. Invoice: one per freelancer, kept by it. Custom: the caller's own. */
export const integrationTypes = { webApp: 1, invoice: 2, custom: 3 } as const
export type IntegrationType = (typeof integrationTypes)[keyof typeof integrationTypes]

/** What is written on invoices, and presented to people. */
export type Identity = {
  name: string
  email: string
  recipient: string
  addressLine1: string
  addressLine2: string | null
  zipCode: string
  city: string
}

export type Integration = Identity & {
  /** Never leaves the hub; everything that hangs on an integration refers to it by this. */
  uid: string
  /** Public, and may be renamed. */
  id: string
  type: IntegrationType
  /** The name of its picture. */
  logo: string | null
  metadata: JsonText
  createdAt: Timestamp
  updatedAt: Timestamp
}

/** What a caller may give; what is left out gets its default. */
export type NewIntegration = Omit<Identity, 'addressLine2'> & {
  id?: string
  addressLine2?: string | null
  metadata?: JsonText
  logo?: GivenLogo
}

export type IntegrationChange = Partial<NewIntegration>

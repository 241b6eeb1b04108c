// What a freelancer is: somebody who sends invoices, with an Invoice Integration of their own.
import type { Identity, NewIntegration } from './integration.ts'
import type { JsonText } from './json-text.ts'

/** The identity is kept once, by the Invoice Integration; that is how the two stay in step. */
export type Freelancer = Identity & {
  uid: string
  /** Public, and may be renamed; the integration's id does not move with it. */
  id: string
  metadata: JsonText
  integrationUid: string
  integrationId: string
}

/** Its logo is not the freelancer's to give. */
export type NewFreelancer = Omit<NewIntegration, 'logo'>

export type FreelancerChange = Partial<NewFreelancer>

// The members that integrations and freelancers share: who is presented to people and written on invoices.
import { Email, OptionalText, Text } from '../types.ts'

export const name = Text({ description: 'Name, presented to people.', examples: ['Pinestreet Tech'] })

/** In the order of the documented object. */
export const address = {
  email: Email({ description: 'Email address to send invoices to.', examples: ['albin@pinestreet.tech'] }),
  recipient: Text({
    description: 'Name of recipient written on invoices.',
    examples: ['Pinestreet Technology AB'],
  }),
  address_line_1: Text({ description: 'Address line 1 written on invoices.', examples: ['Malmvägen 8'] }),
  address_line_2: OptionalText({ description: 'Address line 2 written on invoices.', default: null }),
  zip_code: Text({ description: 'Zip code written on invoices.', examples: ['14171'] }),
  city: Text({ description: 'City written on invoices.', examples: ['Segeltorp'] }),
}

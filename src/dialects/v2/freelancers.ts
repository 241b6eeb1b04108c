// Freelancers in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type { Freelancer as FreelancerSchema, freelancerRoutes } from '../../contract/v2/freelancers.ts'
import type { Freelancer } from '../../hub/freelancer.ts'
import type { FreelancerOperations } from '../../hub/freelancers.ts'
import type { Handlers } from '../bind.ts'
import { identityChangeFrom, identityFrom, identityView } from './identity.ts'
import { pageView, readPage } from './paging.ts'

export function freelancerHandlers(needs: {
  freelancers: FreelancerOperations
  publicUrl: () => string
}): Handlers<typeof freelancerRoutes> {
  const { freelancers, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const page = await freelancers.page(caller, readPage(query))
      return pageView(page, `${publicUrl()}${path}`, query, freelancerView)
    },
    async create({ body }, caller) {
      const given = identityFrom(await body())
      return async ({ freelancers }) => freelancerView(await freelancers.create(caller, given))
    },
    async retrieve({ params }, caller) {
      return freelancerView(await freelancers.get(caller, params.id))
    },
    async replace({ params, body }, caller) {
      await freelancers.get(caller, params.id)
      return freelancerView(await freelancers.replace(caller, params.id, identityFrom(await body())))
    },
    async change({ params, body }, caller) {
      await freelancers.get(caller, params.id)
      const given = identityChangeFrom(await body())
      return async ({ freelancers }) => freelancerView(await freelancers.change(caller, params.id, given))
    },
    async remove({ params }, caller) {
      await freelancers.remove(caller, params.id)
    },
  }
}

export function freelancerView(freelancer: Freelancer): Static<typeof FreelancerSchema> {
  const { id, metadata, integrationId } = freelancer
  return { id, ...identityView(freelancer), metadata, integration: integrationId }
}

// Every route there is, by the dialect that speaks it.
import { mediaRoutes } from './media.ts'
import { operationsRoutes } from './operations.ts'
import { v1Routes } from './v1.ts'
import { freelancerRoutes } from './v2/freelancers.ts'
import { integrationRoutes } from './v2/integrations.ts'

export const contract = {
  v1: { integrations: v1Routes },
  v2: { integrations: integrationRoutes, freelancers: freelancerRoutes },
  operations: { operations: operationsRoutes },
  media: { logos: mediaRoutes },
} as const

// The route of pictures, which needs no key: whoever shows an invoice has none.
import { defineRoutes } from './route.ts'

export const mediaRoutes = defineRoutes({
  logo: {
    method: 'GET',
    path: '/media/logos/:name',
    summary: 'A logo, at the address that an integration shows',
    scope: 'public',
    reply: {
      status: 200,
      description: 'The picture; it never changes under its name.',
      mediaType: 'image/*',
    },
  },
})

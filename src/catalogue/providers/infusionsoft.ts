// Keap, once Infusionsoft: e-mail marketing for small businesses.
import { defineProvider, secret, text } from '../define.ts'

export const infusionsoft = defineProvider({
  name: 'infusionsoft',
  type: 'IntegrationInfusionsoft',
  integrationType: 'email',
  title: 'Keap (Infusionsoft)',
  lifecycle: {
    state: 'renamed',
    note: 'Infusionsoft is now Keap; its legacy keys are being switched off, a service account key or personal access token replaces them.',
  },
  auth: 'bearer',
  fields: {
    app_name: text({
      title: 'App name',
      help: 'The first part of the old address, before .infusionsoft.com. The API of today does not need it.',
      likelyPattern: '^[A-Za-z0-9]+$',
      examples: ['ab123'],
    }),
    api_key: secret({
      title: 'API key',
      help: 'Keap, Settings, API: a service account key or a personal access token; both begin with KeapAK-.',
      likelyPattern: '^KeapAK-',
    }),
  },
})

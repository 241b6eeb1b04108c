// ActiveCampaign: e-mail marketing.
import { defineProvider, secret, text } from '../define.ts'

export const activeCampaign = defineProvider({
  name: 'active_campaign',
  type: 'IntegrationActiveCampaign',
  integrationType: 'email',
  title: 'ActiveCampaign',
  lifecycle: { state: 'current' },
  auth: 'header',
  fields: {
    api_endpoint: text({
      title: 'API URL',
      help: 'ActiveCampaign, Settings, Developer: the URL as shown there, without /api/3.',
      likelyPattern: '^https://',
      isOrigin: true,
      examples: ['https://company.api-us1.com'],
    }),
    actid: text({
      title: 'Event tracking account id',
      help: 'The number called actid in the code that ActiveCampaign shows for event tracking.',
      likelyPattern: '^\\d+$',
    }),
    api_key: secret({
      title: 'API key',
      help: 'ActiveCampaign, Settings, Developer. Each user has a key of their own, and it may do what that user may do.',
      likelyPattern: '^[a-f0-9]{72}$',
    }),
    event_key: secret({
      title: 'Event key',
      help: 'The event key that ActiveCampaign shows with event tracking; one for the whole account.',
    }),
  },
})

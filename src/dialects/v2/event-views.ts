// How events show what they are about: with the views and schemas of v2's own answers.
import { serializerOf } from '../../contract/serializer.ts'
import { ApiKey } from '../../contract/v2/api-keys.ts'
import { Connection } from '../../contract/v2/connections.ts'
import { Freelancer } from '../../contract/v2/freelancers.ts'
import { Integration } from '../../contract/v2/integrations.ts'
import { Webhook } from '../../contract/v2/webhooks.ts'
import type { ShowsSubject } from '../../hub/event-log.ts'
import { apiKeyView } from './api-keys.ts'
import { connectionView } from './connection-views.ts'
import { freelancerView } from './freelancers.ts'
import { integrationView } from './integration-view.ts'
import { webhookView } from './webhook-views.ts'

export function eventViews({ publicUrl }: { publicUrl: () => string }): ShowsSubject {
  const asApiKey = serializerOf(ApiKey)
  const asConnection = serializerOf(Connection)
  const asFreelancer = serializerOf(Freelancer)
  const asIntegration = serializerOf(Integration)
  const asWebhook = serializerOf(Webhook)
  return (subject) => {
    switch (subject.noun) {
      case 'api_key':
        return asApiKey(apiKeyView(subject.object))
      case 'connection':
        return asConnection(connectionView(subject.object))
      case 'freelancer':
        return asFreelancer(freelancerView(subject.object))
      case 'integration':
        return asIntegration(integrationView(subject.object, publicUrl))
      case 'webhook':
        return asWebhook(webhookView(subject.object))
    }
  }
}

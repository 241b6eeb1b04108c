// What a page needs of a connection: its provider's snippet as HTML.
import { Type } from 'typebox'
import { defineRoutes } from '../route.ts'

const Embed = Type.Object({
  id: Type.Integer({ description: 'That of the connection.' }),
  provider: Type.String(),
  html: Type.String({ description: 'For the page, as it stands.' }),
  hosts: Type.Array(Type.String(), {
    description:
      "The origins that its markup loads from or sends to, for a page's Content-Security-Policy; what their scripts load in turn is the provider's to say.",
    examples: [['https://js.stripe.com']],
  }),
  warnings: Type.Array(Type.String(), {
    description: 'What works less than it seems to, each in a sentence.',
  }),
})

export const embedRoutes = defineRoutes({
  embed: {
    method: 'GET',
    path: '/v2/connections/:id/embed/',
    summary: 'Get what a page needs of a connection, as HTML',
    scope: 'connections:read',
    integrationHeader: 'required',
    codedErrors: true,
    query: Type.Object({
      url: Type.Optional(
        Type.String({
          description: 'The address of the page; Disqus keeps comments by it. Others need none.',
        }),
      ),
      identifier: Type.Optional(
        Type.String({ description: 'What the page is known by, whatever its address; for Disqus.' }),
      ),
      title: Type.Optional(Type.String({ description: 'The title of the page; for Disqus.' })),
    }),
    reply: { status: 200, description: 'The snippet.', schema: Embed },
  },
})

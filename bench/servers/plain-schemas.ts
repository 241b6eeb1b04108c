// How the plain servers' answers look: what Fastify makes their serializers from.
const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }

export const shown = {
  type: 'object',
  properties: {
    id: text,
    name: text,
    type: { type: 'integer' },
    logo: maybeText,
    metadata: { type: 'object', additionalProperties: true },
    email: text,
    recipient: text,
    address_line_1: text,
    address_line_2: maybeText,
    zip_code: text,
    city: text,
  },
}

export const page = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    next: maybeText,
    previous: maybeText,
    results: { type: 'array', items: shown },
  },
}

// Where a declared provider's API is and how it is called, as its file says: templates that name fields are filled in.
import { type Static, Type } from 'typebox'
import type { Api, Ask, Credential, Values } from './api.ts'
import type { AuthKind } from './define.ts'
import { siteOf } from './site.ts'
import { healthy, refusal, textAt, type Verdict } from './verdict.ts'

const template = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^[^\\p{Cc}]*$',
  description: 'Give a text of 1 to 500 characters in which {name} stands for the field of that name.',
})
const headers = Type.Record(Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }), template, {
  maxProperties: 10,
  additionalProperties: false,
  description: 'Give an object of 1 to 10 headers, each name with its text.',
})
const pointer = (what: string) =>
  Type.String({
    maxLength: 200,
    pattern: '^(/([^~/\\p{Cc}]|~[01])+)+$',
    description: `Give a JSON pointer to ${what}, such as "/user/email".`,
  })

export const ApiDeclaration = Type.Object(
  {
    base: Type.String({
      maxLength: 500,
      pattern: '^(\\{[a-z][a-z0-9_]*\\}|https?://[^\\s\\p{Cc}?#@{}]+)$',
      description:
        'Give the address that all paths begin with, such as "https://api.example.com", or the field that holds it, such as "{api_url}".',
    }),
    credential: Type.Object(
      {
        kind: Type.Unsafe<'bearer' | 'basic' | 'headers' | 'query'>({
          type: 'string',
          enum: ['bearer', 'basic', 'headers', 'query'],
          description: 'Choose from: bearer, basic, headers, query.',
        }),
        token: Type.Optional(template),
        user: Type.Optional(template),
        password: Type.Optional(Type.String({ ...template, minLength: 0 })),
        headers: Type.Optional(headers),
        parameters: Type.Optional(
          Type.Record(Type.String({ pattern: '^[^\\s\\p{Cc}]{1,100}$' }), template, {
            maxProperties: 10,
            additionalProperties: false,
            description: 'Give an object of 1 to 10 query parameters, each name with its text.',
          }),
        ),
      },
      {
        additionalProperties: false,
        description: 'Give an object with kind, and what that kind needs.',
      },
    ),
    headers: Type.Optional(headers),
    verify: Type.Optional(
      Type.Object(
        {
          path: Type.String({
            maxLength: 500,
            pattern: '^/[\\x21\\x22\\x24-\\x7e]*$',
            description: 'Give a path that begins with a slash, such as "/v1/me". It must only read.',
          }),
          account: Type.Optional(pointer('the account’s name for people')),
          identity: Type.Optional(pointer('the account’s id')),
        },
        {
          additionalProperties: false,
          description: 'Give an object with path, and where its answer names the account.',
        },
      ),
    ),
  },
  { additionalProperties: false, description: 'Give an object with base and credential.' },
)

export type ApiDeclaration = Static<typeof ApiDeclaration>
type Given = ApiDeclaration['credential']

/** What each kind needs, and which kind of `auth` that is. */
export const credentialKinds = {
  bearer: { auth: 'bearer', needs: ['token'] },
  basic: { auth: 'basic', needs: ['user', 'password'] },
  headers: { auth: 'header', needs: ['headers'] },
  query: { auth: 'query', needs: ['parameters'] },
} as const satisfies Record<
  Given['kind'],
  { auth: AuthKind; needs: ReadonlyArray<Exclude<keyof Given, 'kind'>> }
>

const placeholder = /\{([a-z][a-z0-9_]*)\}/g

/** The fields that a template names. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name)
}

export function apiFrom({ base, credential, headers, verify }: ApiDeclaration, title: string): Api {
  const [field] = namesIn(base)
  const fixed = base.replace(/\/+$/, '')
  return {
    services: { api: { base: (values) => (field === undefined ? fixed : siteOf(values, field)) } },
    credential: (values) => credentialFrom(credential, values),
    ...(headers && { headers }),
    ...(verify && { verify: (ask: Ask) => verifyBy(ask, verify, title) }),
  }
}

/** @throws MissingField */
function credentialFrom(
  { kind, token = '', user = '', password = '', ...given }: Given,
  values: Values,
): Credential {
  const filled = (text: string) => text.replaceAll(placeholder, (_, name: string) => values.get(name))
  const each = (texts: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text)]))
  switch (kind) {
    case 'bearer':
      return { kind, token: filled(token) }
    case 'basic':
      return { kind, user: filled(user), password: filled(password) }
    case 'headers':
      return { kind, headers: each(given.headers) }
    case 'query':
      return { kind, parameters: each(given.parameters) }
  }
}

async function verifyBy(
  ask: Ask,
  { path, account, identity }: NonNullable<ApiDeclaration['verify']>,
  title: string,
): Promise<Verdict> {
  const answer = await ask({ path })
  const refused = refusal(answer, title)
  if (refused) return refused
  const at = (pointer: string | undefined) =>
    pointer === undefined ? null : (textAt(answer.json, ...partsOf(pointer)) ?? null)
  const known = at(identity) ?? at(account)
  return healthy({ identity: known, account: at(account) ?? known })
}

/** Of a JSON pointer (RFC 6901). */
function partsOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

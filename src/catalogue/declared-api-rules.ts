// The rules of a declared API that its shape does not say: which members go together, and that templates name fields.
import { Value } from 'typebox/value'
import { isObject, type Mistake } from './declaration.ts'
import { ApiDeclaration, credentialKinds, namesIn } from './declared-api.ts'

type KnownField = { readonly kind: string; readonly isSecret: boolean; readonly isOrigin: boolean }

/** They say where a request ends, or are written by whoever sends it. */
const reserved =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|mortise-.*)$/i

/** @param given of which the shape has been judged already */
export function apiMistakes(given: unknown, auth: unknown, fields: unknown): Mistake[] {
  if (!Value.Check(ApiDeclaration, given)) return []
  const { base, credential, headers = {}, verify } = given
  const known = knownFields(fields)
  const mistakes: Mistake[] = []
  const wrong = (place: string, words: string) => mistakes.push({ place: `api.${place}`, words })

  for (const name of namesIn(base)) {
    const field = known.get(name)
    if (!field?.isOrigin || field.isSecret || field.kind !== 'text') {
      wrong('base', `{${name}} has to name a field with "origin": true, which the secrets are sent to.`)
    }
  }
  if (namesIn(base).length === 0 && !URL.canParse(base)) {
    wrong('base', 'This is no address. Give one such as "https://api.example.com".')
  }
  const kind = credentialKinds[credential.kind]
  if (kind.auth !== auth) {
    wrong('credential.kind', `"auth" says ${auth}, and this is ${kind.auth}. Change one of them.`)
  }
  const needs: readonly string[] = kind.needs
  for (const [name, value] of Object.entries(credential)) {
    if (name === 'kind') continue
    if (!needs.includes(name)) {
      wrong(`credential.${name}`, `A credential of the kind ${credential.kind} has none. Leave it out.`)
      continue
    }
    const texts = isObject(value) ? Object.entries(value) : [['', value] as const]
    if (texts.length === 0) wrong(`credential.${name}`, 'Give at least one.')
    for (const [inner, text] of texts) {
      const place = `credential.${name}${inner === '' ? '' : `.${inner}`}`
      for (const field of namesIn(String(text))) {
        if (known.get(field)?.kind !== 'text') {
          wrong(place, `{${field}} has to name a field of the kind text. There are: ${textNames(known)}.`)
        }
      }
      if (name === 'headers' && reserved.test(inner))
        wrong(place, 'This header is not a credential’s. Leave it out.')
    }
  }
  for (const name of kind.needs) {
    if (credential[name] === undefined) {
      wrong(`credential.${name}`, `This is missing: a credential of the kind ${credential.kind} needs it.`)
    }
  }
  for (const [name, text] of Object.entries(headers)) {
    if (reserved.test(name) || /^(authorization|cookie)$/i.test(name)) {
      wrong(`headers.${name}`, 'This header is not for here. Leave it out.')
    }
    if (namesIn(text).length > 0) {
      wrong(
        `headers.${name}`,
        'This is the same for all connections. Put what names a field into the credential.',
      )
    }
  }
  if (verify && /(^|\/)\.{1,2}(\/|$)|^\/\/|\\/.test(verify.path)) {
    wrong('verify.path', 'Give a path without "." or ".." as a part, "//" at its beginning and "\\".')
  }
  return mistakes
}

function knownFields(fields: unknown): Map<string, KnownField> {
  const list: unknown[] = Array.isArray(fields) ? fields : []
  return new Map(
    list
      .filter(isObject)
      .map(({ name, kind = 'text', secret, origin }) => [
        String(name),
        { kind: String(kind), isSecret: secret === true, isOrigin: origin === true },
      ]),
  )
}

function textNames(known: ReadonlyMap<string, KnownField>): string {
  return [...known].flatMap(([name, { kind }]) => (kind === 'text' ? [name] : [])).join(', ')
}

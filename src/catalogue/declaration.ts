// What an operator's declaration of a provider may say, member by member; descriptions tell how to mend it.
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ApiDeclaration } from './declared-api.ts'
import { authKinds, integrationTypes, lifecycleStates } from './define.ts'

function Line(charactersMax: number, what: string) {
  return Type.String({
    maxLength: charactersMax,
    pattern: '^[^\\s\\p{Cc}]([^\\p{Cc}]*[^\\s\\p{Cc}])?$',
    description: `Give ${what}: one line of 1 to ${charactersMax} characters, without spaces around it.`,
  })
}

function OneOf<const Choices extends readonly string[]>(choices: Choices) {
  return Type.Unsafe<Choices[number]>({
    type: 'string',
    enum: [...choices],
    description: `Choose from: ${choices.join(', ')}.`,
  })
}

const name = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,39}$',
  description: 'Give 1 to 40 of a-z, 0-9 and _, with a letter first.',
})
const flag = Type.Boolean({ description: 'Give true or false.' })
const pattern = Type.String({
  minLength: 1,
  description: 'Give a regular expression as text, such as "^ak_[a-z0-9]{20}$".',
})
const value = Type.String({ minLength: 1, maxLength: 255 })

export const FieldDeclaration = Type.Object(
  {
    name,
    title: Line(100, 'a title for people'),
    help: Line(500, 'a help that says where a person finds the value'),
    kind: Type.Optional(OneOf(['text', 'object'])),
    secret: Type.Optional(flag),
    pattern: Type.Optional(pattern),
    likely_pattern: Type.Optional(pattern),
    enum: Type.Optional(
      Type.Array(value, {
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
        description: 'Give a list of 1 to 100 different texts of 1 to 255 characters.',
      }),
    ),
    examples: Type.Optional(
      Type.Array(value, {
        minItems: 1,
        maxItems: 10,
        description: 'Give a list of 1 to 10 texts of 1 to 255 characters.',
      }),
    ),
    initial: Type.Optional(Type.String({ ...value, description: 'Give a text of 1 to 255 characters.' })),
    origin: Type.Optional(flag),
  },
  { additionalProperties: false, description: 'Give an object with name, title and help.' },
)

export const Declaration = Type.Object(
  {
    name,
    title: Line(100, "the provider's name for people"),
    integration_type: OneOf(integrationTypes),
    lifecycle: Type.Optional(
      Type.Object(
        {
          state: OneOf(lifecycleStates),
          note: Type.Optional(Line(500, 'a note that says what people should know about it')),
        },
        { additionalProperties: false, description: 'Give an object with state and note.' },
      ),
    ),
    auth: OneOf(authKinds),
    api: Type.Optional(ApiDeclaration),
    fields: Type.Array(FieldDeclaration, {
      minItems: 1,
      maxItems: 30,
      description: 'Give a list of 1 to 30 fields, each an object with name, title and help.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Give one object with name, title, integration_type, auth and fields.',
  },
)

export type Declaration = Static<typeof Declaration>
export type FieldDeclaration = Static<typeof FieldDeclaration>

/** What is wrong at a place of a file, such as `fields[1].name`; no place is the file as a whole. */
export type Mistake = { readonly place: string; readonly words: string }

type Shape = TSchema & {
  description?: string
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
}

/** Every place where a value is not as its schema says. */
export function shapeMistakes(schema: Shape, value: unknown, place = ''): Mistake[] {
  const { description = '', properties, required = [], items } = schema
  const wrong = { place, words: description }
  if (properties) {
    if (!isObject(value)) return [wrong]
    const known = Object.keys(properties)
    const unknown = Object.keys(value).filter((name) => !known.includes(name))
    return [
      ...unknown.map((name) => ({
        place: within(place, name),
        words: `This is not known here. Known: ${known.join(', ')}.`,
      })),
      ...Object.entries(properties).flatMap(([name, inner]) => {
        if (Object.hasOwn(value, name)) return shapeMistakes(inner, value[name], within(place, name))
        if (!required.includes(name)) return []
        return [{ place: within(place, name), words: `This is missing. ${inner.description ?? ''}` }]
      }),
    ]
  }
  if (items?.properties && Array.isArray(value)) {
    const inItems = value.flatMap((item, at) => shapeMistakes(items, item, `${place}[${at}]`))
    return Value.Check({ ...schema, items: {} }, value) ? inItems : [wrong, ...inItems]
  }
  return Value.Check(schema, value) ? [] : [wrong]
}

function within(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// A field's declaration as JSON Schema, for forms and for checking before anything is sent.
import type { Field } from './define.ts'

export type FieldSchema = {
  readonly type: 'string' | 'object'
  readonly title: string
  readonly description: string
  /** A fact of the provider. */
  readonly pattern?: string
  /** A guess, which only warns: it must not stand where a validator would refuse by it. */
  readonly 'x-likely-pattern'?: string
  readonly enum?: string[]
  readonly examples?: string[]
  readonly default?: string
  /** A secret. */
  readonly writeOnly?: true
  /** Written by Mortise. */
  readonly readOnly?: true
}

export function fieldSchema(field: Field): FieldSchema {
  const { kind, title, help, pattern, likelyPattern, oneOf, examples, initial, isSecret } = field
  return {
    type: kind === 'object' ? 'object' : 'string',
    title,
    description: help,
    ...(pattern !== undefined && { pattern }),
    ...(likelyPattern !== undefined && { 'x-likely-pattern': likelyPattern }),
    ...(oneOf && { enum: [...oneOf] }),
    ...(examples && { examples: [...examples] }),
    ...(initial !== undefined && { default: initial }),
    ...(isSecret && { writeOnly: true }),
    ...(kind === 'status' && { readOnly: true }),
  }
}

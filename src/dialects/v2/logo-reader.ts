// Reads a logo: base64 with or without its data URL, a form's file, the address that was shown, or its removal.
import { HubError } from '../../hub/errors.ts'
import { jsonKind } from '../../hub/json-text.ts'
import type { GivenLogo } from '../../hub/logo.ts'
import { notAnImage, readPicture } from '../../hub/pictures.ts'
import type { Member } from '../body.ts'

export async function readLogo(member: Member): Promise<{ value: GivenLogo } | { errors: string[] }> {
  try {
    return { value: await readGiven(member) }
  } catch (error) {
    const messages = error instanceof HubError ? error.details.fields?.get('logo') : undefined
    if (messages === undefined) throw error
    return { errors: [...messages] }
  }
}

async function readGiven(member: Member): Promise<GivenLogo> {
  if (member.kind === 'file') {
    // A form's empty file field, as browsers send it.
    if (member.file.size === 0) return null
    return readPicture(Buffer.from(await member.file.arrayBuffer()))
  }
  if (member.kind === 'text') return member.text === '' ? null : readText(member.text)
  switch (jsonKind(member.json.text)) {
    case 'null':
      return null
    case 'string':
      return readText(String(member.json.parse()))
    default:
      throw notAnImage()
  }
}

async function readText(text: string): Promise<GivenLogo> {
  const shown = /^https?:\/\/[^?#]+\/media\/logos\/([^/?#]+)$/.exec(text)?.[1]
  if (shown !== undefined) return { shown }
  const [, declared, base64 = ''] =
    /^(?:data:image\/(png|jpeg|gif|webp);base64,)?([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (base64 === '' || bytes.toString('base64') !== base64) throw notAnImage()
  return readPicture(bytes, declared)
}

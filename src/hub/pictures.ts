// Pictures that callers give: judged before they are decoded, then drawn anew so that nothing else is in them.
import { HubError, invalidField } from './errors.ts'
import type { Picture, PictureFormat } from './logo.ts'
import { isCostly } from './picture-structure.ts'

const pictureBytesMax = 1_048_576
const sidePixelsMax = 4_096
const pixelsMax = 16_000_000
const secondsMax = 5

/** One at a time: a decoded picture takes much more memory than its bytes. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * @param bytes as they were uploaded
 * @param declared the format that a data URL names
 * @returns the first frame, upright, without metadata, in the format it came in
 * @throws HubError invalid, on `logo`
 */
export async function readPicture(bytes: Buffer, declared?: string): Promise<Picture> {
  if (bytes.length > pictureBytesMax) {
    throw invalidField('logo', `Ensure this image has no more than ${pictureBytesMax} bytes.`)
  }
  const format = formatOf(bytes)
  if (format === undefined || (declared !== undefined && declared !== format)) throw notAnImage()
  if (isCostly(bytes, format)) throw notAnImage()
  const drawn = turn.then(() => draw(bytes, format))
  turn = drawn.catch(() => undefined)
  return { format, bytes: await drawn }
}

export function notAnImage() {
  return invalidField(
    'logo',
    'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
  )
}

async function draw(bytes: Buffer, format: PictureFormat): Promise<Buffer> {
  // Loaded with the first picture: a server without any should be ready at once.
  const { default: sharp } = await import('sharp')
  try {
    // From the header alone; nothing is decoded yet.
    const { width, height } = await sharp(bytes, { limitInputPixels: false, pages: 1 }).metadata()
    if (width > sidePixelsMax || height > sidePixelsMax || width * height > pixelsMax) {
      throw invalidField(
        'logo',
        `Ensure this image is at most ${sidePixelsMax} × ${sidePixelsMax} and has no more than ${pixelsMax} pixels.`,
      )
    }
    const image = sharp(bytes, { limitInputPixels: pixelsMax, pages: 1, failOn: 'error' })
    return await image.timeout({ seconds: secondsMax }).autoOrient().toFormat(format).toBuffer()
  } catch (error) {
    throw error instanceof HubError ? error : notAnImage()
  }
}

/** Told from the first bytes, whatever the upload is called. */
function formatOf(bytes: Buffer): PictureFormat | undefined {
  const starts = (text: string, at = 0) =>
    bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))
  if (starts('\x89PNG\r\n\x1a\n')) return 'png'
  if (starts('\xff\xd8\xff')) return 'jpeg'
  if (starts('GIF87a') || starts('GIF89a')) return 'gif'
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp'
  return undefined
}

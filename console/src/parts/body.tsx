// A body as it was sent or answered: JSON laid out to be read, everything else as it stands, and copied as it came.
import { CopyBlock } from './copy.tsx'

export function Body({ text, label }: { text: string; label: string }) {
  return <CopyBlock text={text} shown={laidOut(text)} label={label} />
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // It is no JSON, and stands as it is.
    return text
  }
}

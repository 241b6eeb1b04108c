// Reads what the hub sends: JSON, lines of it, and pages one after the other.

/** Lines as they arrive, however many there are. */
export async function* linesOf(response: Response): AsyncGenerator<unknown> {
  let rest = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield JSON.parse(line)
    }
    if (rest !== '') yield JSON.parse(rest)
  } finally {
    // Whoever wants no more of it.
    await reader.cancel()
  }
}

export type Page = { readonly next: string | null; readonly results: readonly unknown[] }

/** @param load brings a page: the first where nothing is given, or that of a link */
export async function* itemsOf(load: (link?: string) => Promise<Page>): AsyncGenerator<unknown> {
  let page = await load()
  for (;;) {
    yield* page.results
    if (page.next === null) return
    page = await load(page.next)
  }
}

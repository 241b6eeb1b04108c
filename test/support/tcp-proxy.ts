// Stands between a node and its database, and fails when it is told to.
import { connect, createServer, type Socket } from 'node:net'

export type TcpProxy = {
  readonly port: number
  /** The same address as the database's, but through here. */
  through(url: string): string
  /** What happens to the next chunk from a client that holds this text. */
  cutAt(text: string, when: 'before it arrives' | 'before its answer'): void
  /** Takes everything and hands on nothing, until it goes on. */
  stall(): void
  goOn(): void
  close(): Promise<void>
}

/** @param url where the database is */
export async function startProxy(url: string, port = 0): Promise<TcpProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let cut: { text: string; when: 'before it arrives' | 'before its answer' } | undefined
  let isStalled = false

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let isDeaf = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('data', (chunk) => {
      if (cut && chunk.includes(cut.text)) {
        const { when } = cut
        cut = undefined
        if (when === 'before it arrives') return end()
        isDeaf = true
      }
      if (!isStalled) upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      // The answer is here, so it was done; nobody will hear of it.
      if (isDeaf) return end()
      if (!isStalled) client.write(chunk)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    through(other) {
      const changed = new URL(other)
      changed.port = String(address.port)
      return changed.href
    },
    cutAt(text, when) {
      cut = { text, when }
    },
    stall() {
      isStalled = true
    },
    goOn() {
      isStalled = false
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

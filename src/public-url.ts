// The address that links begin with, where nobody listens yet or any more: the configured one, or where the server is to listen.
import { isIP } from 'node:net'
import type { Config } from './config.ts'

export function publicUrlOf({ publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return publicUrl ?? `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}

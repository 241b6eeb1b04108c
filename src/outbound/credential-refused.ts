// A token or a session that a request needs could not be had from the provider.

export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused'
  /** Whether the provider said no, or not now, or what answered was not the provider. */
  readonly status: 'rejected' | 'rate_limited' | 'unreachable'
  /** When it may be asked again, in seconds, where the provider says so. */
  readonly retryAfterS: number | undefined

  /** @param message is shown: it says what is wrong, and quotes nobody */
  constructor(
    status: CredentialRefused['status'],
    message: string,
    { retryAfterS }: { retryAfterS?: number | undefined } = {},
  ) {
    super(message)
    this.status = status
    this.retryAfterS = retryAfterS
  }
}

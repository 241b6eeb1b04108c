// A token or a session that a request needs could not be had from the provider.

export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused'
  /** Whether the provider said no, or what answered was not the provider. */
  readonly status: 'rejected' | 'unreachable'

  /** @param message is shown: it says what is wrong, and quotes nobody */
  constructor(status: 'rejected' | 'unreachable', message: string) {
    super(message)
    this.status = status
  }
}

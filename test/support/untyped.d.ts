// Types for what the tests use of packages that bring none.
declare module 'oauth-sign' {
  export function hmacsign(
    method: string,
    address: string,
    parameters: Readonly<Record<string, string>>,
    consumerSecret: string,
    tokenSecret: string,
  ): string
}

declare module '@20minutes/s3rver' {
  class S3rver {
    constructor(options: {
      port: number
      address: string
      silent: boolean
      directory: string
      configureBuckets: ReadonlyArray<{ name: string; configs: readonly string[] }>
    })
    run(): Promise<{ port: number }>
    close(): Promise<void>
  }
  export = S3rver
}

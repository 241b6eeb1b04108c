// How the process ends, for scripts; the numbers are those of sysexits.h where it has one.

export const exitCodes = {
  ok: 0,
  /** Something unexpected. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 64,
  /** What was asked for is not possible: the message says why. */
  refused: 65,
  /** The hub does not accept the key, or none was given. */
  keyRefused: 67,
  /** The hub does not answer, or cannot now. */
  hubUnreachable: 68,
  /** The address to listen on cannot be had. */
  addressInUse: 69,
  /** The store cannot be opened as it is. */
  storeRefused: 74,
  /** Another process has the data folder. */
  storeHeld: 75,
  /** The master key is missing or is not this store's. */
  masterKeyRefused: 77,
  /** The configuration is wrong. */
  configRefused: 78,
  /** Stopped by Ctrl-C before it was done; running it again takes it up. */
  stopped: 130,
} as const

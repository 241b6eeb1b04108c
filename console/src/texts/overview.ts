// What the console's first page says.
export const overviewTexts = {
  title: 'Overview',
  attention: 'Needs attention',
  allWell: 'Nothing needs attention.',
  none: 'No connections yet',
  noneHelp:
    "A connection keeps one provider's credentials, sealed. Once there are some, this page tells how they are.",
  noReason: 'The provider gave no reason.',
  where: (integration: string) => `${integration}, checked`,
  webhookFailing: 'Every attempt has failed since',
  lastAttempt: (result: string) => `The last attempt: ${result}.`,
  waiting: (count: number) =>
    count >= 1_000
      ? 'A thousand deliveries or more wait.'
      : count === 1
        ? '1 delivery waits.'
        : `${count} deliveries wait.`,
  givenUp: (count: number) =>
    count >= 1_000
      ? 'A thousand deliveries or more were given up.'
      : count === 1
        ? '1 delivery was given up.'
        : `${count} deliveries were given up.`,
  givenUpHelp: 'Nobody tries them again until they are replayed.',
  ofIntegration: (id: string) => `Integration ${id}`,
  look: 'See why',
  keyEnds: 'ends',
  day: 'The last day',
  chart: (title: string, sums: string) => `${title} of the last 24 hours, by the hour: ${sums}`,
  checks: 'Checks of connections',
  accepted: 'accepted',
  refused: 'not accepted',
  deliveries: 'Deliveries to webhooks',
  taken: 'taken',
  failed: 'failed',
  events: 'Events',
  happened: 'happened',
  recent: 'Latest events',
  allEvents: 'All events',
  vault: 'Vault',
  sealedSince: 'Credentials are sealed, with a key made',
  opensWith: (kinds: string) => `The store opens with ${kinds}.`,
  noRecovery: 'There is no recovery code: with the key lost, nobody can read the credentials.',
  makeCode: 'Make one',
  kinds: {
    key: 'the key file',
    recovery: 'the recovery code',
    passphrase: 'the passphrase',
  } as Readonly<Record<string, string>>,
} as const

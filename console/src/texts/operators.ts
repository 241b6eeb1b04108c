// Texts of what operators see: the vault, the settings, and other accounts.

export const vaultTexts = {
  title: 'Vault',
  refused: 'The vault is for operators of this installation',
  refusedHelp:
    'It opens the credentials of all accounts. Sign in by a link that “mortise open” prints on the server, or with an API key that has the scope “operator”.',
  slots: 'What opens this store',
  slotsHelp: 'Each of these opens everything in it, alone. Keep two of them, apart from each other.',
  kinds: { key: 'Key file', recovery: 'Recovery code', passphrase: 'Passphrase' } as Readonly<
    Record<string, string>
  >,
  fingerprint: 'fingerprint',
  made: 'made',
  inUse: 'Opened with it',
  notGenuine: 'Not genuine: whoever wrote it did not have this store open. Remove it.',
  alone: 'Only one thing opens this store. If it is lost, so is everything in it: add a recovery code.',
  add: {
    recovery: 'Add recovery code',
    passphrase: 'Add passphrase',
    passphraseLabel: 'Passphrase',
    passphraseHelp: 'At least 12 characters. Whoever has a copy of the store can try as many as they like.',
    action: 'Add',
  },
  shown: {
    title: 'The new recovery code',
    help: 'Write it down and keep it away from the key file. It is not kept here, and cannot be shown again.',
    label: 'Recovery code',
    kept: 'I have written it down',
  },
  test: {
    action: 'Test one',
    title: 'Does it still open the store?',
    help: 'Nothing is changed, and what you give is not kept.',
    kind: 'What you have',
    text: 'The code, passphrase or key',
    submit: 'Test',
    opens: (kind: string, fingerprint: string) => `It opens the store: ${kind}, fingerprint ${fingerprint}.`,
  },
  remove: {
    action: 'Remove',
    title: (kind: string) => `Remove this ${kind.toLowerCase()}?`,
    help: 'It opens the store no more. Whoever has it could have kept what it opened: rotate the root key and the data keys afterwards.',
  },
  root: {
    title: 'Root key',
    help: 'Wraps the keys that seal. A new one is made for everything that opens the store; no value is touched, and nobody has to give anything.',
    plan: (wraps: number, slots: number) =>
      `A rotation wraps ${plural(wraps, 'key')} anew, for ${plural(slots, 'way')} to open the store.`,
    resumed: (wraps: number) => `A rotation was cut off: ${plural(wraps, 'key')} left.`,
    wraps: (wraps: number) => `wraps ${plural(wraps, 'key')}`,
    confirm: 'Make a new root key?',
  },
  data: {
    title: 'Data keys of this account',
    help: 'Seal the credentials. A new one is made, and every value is sealed anew while everything is served.',
    plan: (values: number) => `A rotation seals ${plural(values, 'value')} anew.`,
    resumed: (values: number) => `A rotation was cut off: ${plural(values, 'value')} left.`,
    values: (values: number, answers: number) =>
      answers === 0
        ? `seals ${plural(values, 'value')}`
        : `seals ${plural(values, 'value')} and ${plural(answers, 'stored answer')}, which go within a day`,
    confirm: 'Seal everything of this account anew?',
    damaged: (values: number) =>
      `${plural(values, 'value')} could not be opened, and were left as they are. See: mortise doctor --deep`,
  },
  current: 'In use',
  old: 'Old',
  rotate: 'Rotate',
  resume: 'Go on',
  leave: 'It may be stopped at any moment, by leaving this page too; what is left is taken up next time.',
  progress: (done: number, of: number) => `${done.toLocaleString('en')} of ${of.toLocaleString('en')}`,
  done: (done: number) => `Done: ${done.toLocaleString('en')} anew.`,
  drop: 'Drop',
  dropTitle: 'Drop this key?',
  dropHelp: 'Nothing needs it here. Backups from before the rotation cannot be opened without it.',
}

export const settingsTexts = {
  title: 'Settings',
  session: 'Your session',
  account: 'Account',
  startedWith: 'Signed in with',
  with: { link: 'a link from the command line', key: 'an API key' },
  operator: 'You are an operator of this installation.',
  visiting: (home: number) =>
    `You look at this account as an operator whose own is account ${home}. Both have that on record.`,
  bound: 'This session is for one integration alone.',
  ends: 'Ends',
  endsHelp: 'at the latest, and after 30 minutes without a request',
  mayDo: 'May do',
  signOutEverywhere: 'Sign out everywhere',
  everywhereTitle: 'Sign out everywhere?',
  everywhereKey:
    'Every session that was begun with the same API key ends, in all browsers. The key stays good.',
  everywhereLink:
    'Every session that was begun with a link for this account ends, in all browsers, and links that nobody has used do not work any more.',
  installation: 'This installation',
  installationHelp: 'What is in force. Each is set by a variable of the environment, when the server starts.',
  installationRefused:
    'What the installation is set to is shown to its operators: who came by a link that “mortise open” prints on the server, or with an API key that has the scope “operator”.',
  version: 'Version',
  names: {
    engine: 'Kept in',
    data: 'Data folder',
    public_url: 'Links begin with',
    host: 'Listens on',
    trusted_proxies: 'Trusted proxies',
    verify: 'Checks connections by itself',
    deliver: 'Delivers to webhooks',
    egress: 'May call',
    sandbox: 'Sandbox',
    providers: 'Providers from',
    audit_days: 'Audit records are kept',
    rate_limit_key: 'Requests for each key',
    rate_limit_account: 'Requests for each account',
    metrics: 'Metrics on a port of their own',
    traces: 'Traces',
    log_level: 'Log level',
  } as Readonly<Record<string, string>>,
}

export const accountTexts = {
  label: 'Account',
  named: (id: number, name: string) => `${id} · ${name}`,
  numbered: (id: string) => `Account ${id}`,
  failed: 'This account could not be opened',
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

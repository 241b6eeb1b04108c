// Texts of what forms find out by themselves: what was pasted, a logo's preview, what is missing.

export const pasteTexts = {
  label: 'Paste what you have',
  help: 'A key, or lines such as NAME=value: what can be told apart is filled in below. It is not shown here, and goes nowhere until you save.',
  helpAny: 'A key, or lines such as NAME=value: what it belongs to is found, and filled in.',
  filled: (names: readonly string[]) => `Filled in: ${names.join(', ')}.`,
  nothing: 'Nothing in it looks like what is asked for here. Fill it in by hand.',
  nothingAny: 'Nothing in it looks like what any provider gives. Choose one below.',
  several: 'Several providers give something like that. Choose one of those below.',
  all: 'Show all',
}

export const catalogueTexts = {
  title: 'What to connect to',
  search: 'Search providers',
  none: 'No provider is called that',
  noneHelp: 'An operator can add providers in a folder: the reference tells how, under “Adding a provider”.',
  another: 'Choose another',
  abilities: { verify: 'verified', proxy: 'called through', embed: 'for pages' },
  kinds: {
    analytics: 'Analytics',
    chat: 'Chat',
    comments: 'Comments',
    csn: 'Storage',
    email: 'E-mail',
    html: 'HTML',
    membership: 'Membership',
    payment: 'Payment',
    other: 'Other',
  } as Readonly<Record<string, string>>,
}

export const logoTexts = {
  drop: 'Drop a picture here, or',
  choose: 'choose one',
  help: 'PNG, JPEG, GIF or WebP, at most 1 MB.',
  preview: 'Preview of the new logo',
  current: 'The logo as it is',
  notAPicture: 'This is no picture that a browser can show. Take a PNG, JPEG, GIF or WebP file.',
  tooLarge: 'This is larger than 1 MB. Take a smaller picture.',
  keep: 'Keep the one before',
  remove: 'Remove logo',
  willGo: 'The logo goes when you save.',
}

export const readinessTexts = {
  ready: 'Ready for invoices',
  notReady: 'Not ready for invoices',
  missing: (names: readonly string[]) => `Missing: ${names.join(', ')}.`,
  hanging: 'What hangs on it',
  nothing: 'Nothing. It can be deleted.',
  connections: (count: number) =>
    count === 1 ? '1 connection' : `${count.toLocaleString('en')} connections`,
  webhooks: (count: number) => (count === 1 ? '1 webhook' : `${count.toLocaleString('en')} webhooks`),
  showAll: 'Show its connections',
}

export const undoTexts = {
  saved: 'Saved.',
  undo: 'Undo',
  undone: 'As it was before.',
  credentials: 'The credentials before are kept for a week.',
}

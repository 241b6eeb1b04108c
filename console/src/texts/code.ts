// Texts of what can be copied: requests as code, commands.

export const codeTexts = {
  show: 'As code',
  showCommand: 'As command',
  title: 'The same, as code',
  commandTitle: 'The same, as a command',
  curl: 'curl',
  typescript: 'TypeScript',
  command: 'Command line',
  language: 'Language',
  key: 'Your API key is taken from MORTISE_KEY. Nothing that is secret is written here: give those by variables too.',
  commandHelp: 'On the server, where the store is.',
}

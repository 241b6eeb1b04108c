// Escapes a text for the place in a page where it is to stand; nothing that comes out can end that place.

/** What ends a text, a tag or a value in quotes, and what HTML would change by itself. */
const htmlSpecial = /[&<>"'`\r]/g
const htmlSpecialUnquoted = /[&<>"'`=\t\n\f\r ]/g
const htmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Also what ends a script, a line or a template, in JavaScript and in the HTML around it. */
const scriptSpecial = /["'`\\<>&${}\p{Cc}\u2028\u2029\ufeff]/gu

/** All but what is part of a plain CSS word or number. */
const cssSpecial = /[^A-Za-z0-9#%., _\u00a1-\u{10ffff}-]/gu

/** For text, and for the value of an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(htmlSpecial, htmlReference)
}

/** For the value of an attribute without quotes. */
export function escapeUnquoted(text: string): string {
  return text.replace(htmlSpecialUnquoted, htmlReference)
}

/** For between the quotes of a string in JavaScript or JSON; what comes out stands in HTML unchanged, too. */
export function escapeInScript(text: string): string {
  return text.replace(
    scriptSpecial,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A whole string literal for a script. */
export function scriptString(text: string): string {
  return `"${escapeInScript(text)}"`
}

/** For CSS, within strings and without: an escape there never separates anything. */
export function escapeInCss(text: string): string {
  return text.replace(cssSpecial, (character) => `\\${character.codePointAt(0)?.toString(16)} `)
}

function htmlReference(character: string): string {
  return htmlNames[character] ?? `&#${character.charCodeAt(0)};`
}

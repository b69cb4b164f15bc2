// Puts text of unknown origin into Markdown so that it shows as it is and does nothing: no emphasis, links or HTML, no
// mention of a person or an issue, no command of a forge, no way out of a table cell.
import { shorten } from '../../../text/printable.ts';

const LONGEST = 200;

/** A name or a flow, in the type of code. */
export function code(text: string): string {
  const shown = shorten(text, LONGEST);
  if (shown === '') return '(empty)';
  // A code span shows everything as it is but backticks, which end it, and bars, which end the cell of a table.
  if (!/[`|\\]/.test(shown) && shown.trim() === shown) return `\`${shown}\``;
  return `<code>${shown
    .replace(/[^\w .,/()>-]/gu, escapeCharacter)
    .replaceAll('>', '&gt;')
    .replaceAll('_', '&#95;')}</code>`;
}

/**
 * A message, whose parts in backticks are of a user. Whatever else looks like more than words makes all of it code: a
 * backtick inside a user's text could have turned the parts around.
 */
export function prose(message: string): string {
  const parts = shorten(message, LONGEST * 3).split('`');
  const isPlain = parts.every((part, i) => i % 2 === 1 || isWords(part.replaceAll('->', '')));
  if (parts.length % 2 === 0 || !isPlain) return code(message);
  return parts
    .map((part, i) => (i % 2 === 1 ? code(part) : part.replaceAll('_', '\\_').replaceAll('->', '→')))
    .join('');
}

/** Nothing in it means anything in Markdown, and a forge makes no link of it. */
function isWords(text: string): boolean {
  return /^[\w ,.;:?=+%()'’"…/-]*$/u.test(text) && !/https?:|www\./i.test(text);
}

function escapeCharacter(character: string): string {
  return (character.codePointAt(0) ?? 0) < 128 ? `&#${character.codePointAt(0)};` : character;
}

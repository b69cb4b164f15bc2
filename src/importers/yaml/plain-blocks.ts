// Block scalars of YAML: literal (`|`) and folded (`>`), with or without a sign for the line ends behind them (YAML 1.2.2,
// chapter 8.1). An indentation that is given by number is not read here.
import { CR, GREATER, isRestBlank, lineEnd, SPACE } from './plain-lines.ts';

/** The scalar whose indicator is at `at`, in a collection in column `parent`; null if it is not read here. */
export function readBlockScalar(
  text: string,
  at: number,
  parent: number,
  end: number,
): { readonly value: string; readonly next: number } | null {
  const sign = text.charAt(at + 1);
  const header = at + (sign === '-' || sign === '+' ? 2 : 1);
  if (!isRestBlank(text, header, end)) return null;
  const lines: string[] = [];
  let indent = -1;
  let start = lineEnd(text, header, end) + 1;
  while (start < end) {
    const lineStop = lineEnd(text, start, end);
    const stop = lineStop > start && lineStop < end && text.charCodeAt(lineStop - 1) === CR ? lineStop - 1 : lineStop;
    let content = start;
    while (content < stop && text.charCodeAt(content) === SPACE) content++;
    const isBlank = content === stop;
    if (!isBlank && indent === -1) {
      indent = content - start;
      // Blank lines before must not be longer than the indentation that they are to have.
      if (indent <= parent || lines.some((line) => line.length > indent)) return null;
      lines.fill('');
    }
    if (!isBlank && content - start < indent) break;
    lines.push(indent === -1 ? text.slice(start, stop) : text.slice(start + indent, stop));
    start = lineStop + 1;
  }
  if (indent === -1) return null;
  // The last line counts as ended, even if the text ends with it.
  const value = `${text.charCodeAt(at) === GREATER ? fold(lines) : lines.join('\n')}\n`;
  if (sign === '+') return { value, next: start };
  const trimmed = value.replace(/\n+$/, '');
  return { value: sign === '-' ? trimmed : `${trimmed}\n`, next: start };
}

/** Lines of a folded scalar: line ends between two of the block's own column are as in a flow scalar, others stay. */
function fold(lines: readonly string[]): string {
  let last = lines.length;
  while (last > 0 && lines[last - 1] === '') last--;
  const isIndented = (line: string): boolean => line.startsWith(' ') || line.startsWith('\t');
  let folded = '';
  let before: string | null = null;
  let breaks = 0;
  for (const line of lines.slice(0, last)) {
    if (line === '') {
      breaks++;
      continue;
    }
    if (before === null) folded += '\n'.repeat(breaks);
    else if (isIndented(before) || isIndented(line)) folded += '\n'.repeat(breaks + 1);
    else folded += breaks === 0 ? ' ' : '\n'.repeat(breaks);
    folded += line;
    before = line;
    breaks = 0;
  }
  return folded + '\n'.repeat(lines.length - last);
}

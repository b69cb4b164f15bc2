// Looks over the text of a JSON body before it is parsed: what is nested too deep or too long is refused while it has cost
// no more than its bytes. Whether it is JSON at all is left to the parser.

export interface JsonBounds {
  readonly depth: number;
  readonly items: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** What of the bounds the text breaks; null: nothing. */
export function overJsonBounds(text: string, { depth, items }: JsonBounds): 'depth' | 'items' | null {
  const counts: number[] = [];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case COMMA: {
        const count = (counts[counts.length - 1] ?? 0) + 1;
        // As many commas as items is one item too many.
        if (count >= items) return 'items';
        if (counts.length > 0) counts[counts.length - 1] = count;
        break;
      }
      case 0x5b:
      case 0x7b:
        if (counts.length === depth) return 'depth';
        counts.push(0);
        break;
      case 0x5d:
      case 0x7d:
        counts.pop();
        break;
    }
  }
  return null;
}

/** The place of the quote that ends the string; the last place where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

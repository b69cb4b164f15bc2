// Documents: text with places where a line may end, laid out so that what belongs together stays on one line if it fits.
// After P. Wadler, "A prettier printer" (1998), in the form that the Prettier formatter made of it. Knows no syntax.

/** Text without a line end, documents one after the other, or one of the parts below. */
export type Doc = string | readonly Doc[] | Line | Group | Indent | Suffix;

/** A place where a line may end: `flat` if it does not, `broken` before the line end if it does. */
interface Line {
  readonly type: 'line';
  readonly flat: string;
  readonly broken: string;
  readonly hard: boolean;
}

/** All of its lines end, or none does. */
interface Group {
  readonly type: 'group';
  readonly of: Doc;
  readonly breaks: boolean;
}

interface Indent {
  readonly type: 'indent';
  readonly of: Doc;
}

/** Text that waits for the end of the line, wherever that is. */
interface Suffix {
  readonly type: 'suffix';
  readonly text: string;
}

/** A blank, or a line end where the group around it does not fit. */
export const line: Doc = { type: 'line', flat: ' ', broken: '', hard: false };
/** Nothing, or a line end. */
export const softLine: Doc = { type: 'line', flat: '', broken: '', hard: false };
/** Two blanks, or a line end. */
export const wideLine: Doc = { type: 'line', flat: '  ', broken: '', hard: false };
/** A blank, or a comma and a line end. */
export const commaLine: Doc = { type: 'line', flat: ' ', broken: ',', hard: false };
/** A line end. */
export const hardLine: Doc = { type: 'line', flat: '', broken: '', hard: true };

export function group(of: Doc): Doc {
  return { type: 'group', of, breaks: mustBreak(of) };
}

export function indent(of: Doc): Doc {
  return { type: 'indent', of };
}

/** A comment at the end of the line that it comes to stand on. Its groups break, so that what follows starts a line. */
export function suffix(text: string): Doc {
  return { type: 'suffix', text };
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, i) => (i === 0 ? [doc] : [separator, doc]));
}

/** Whether the document has a line end wherever it is put. */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if (!('type' in doc)) return doc.some(mustBreak);
  if (doc.type === 'line') return doc.hard;
  if (doc.type === 'suffix') return true;
  return doc.type === 'indent' ? mustBreak(doc.of) : doc.breaks;
}

/** The document on one line, or null if it has a line end in any case. */
export function flatten(doc: Doc): string | null {
  if (typeof doc === 'string') return doc;
  if (!('type' in doc)) {
    let text = '';
    for (const part of doc) {
      const flat = flatten(part);
      if (flat === null) return null;
      text += flat;
    }
    return text;
  }
  if (doc.type === 'line') return doc.hard ? null : doc.flat;
  return doc.type === 'suffix' ? null : flatten(doc.of);
}

interface Command {
  readonly depth: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

const INDENT = '  ';

/** The document as text of at most `width` columns a line where its lines allow it, without blanks at line ends. */
export function render(doc: Doc, width: number): string {
  const parts: string[] = [];
  const suffixes: string[] = [];
  const stack: Command[] = [{ depth: 0, flat: false, doc }];
  let column = 0;
  // Written with the first text of the line: an empty line has no blanks.
  let margin = '';
  const write = (text: string): void => {
    if (text === '') return;
    parts.push(margin, text);
    column += text.length;
    margin = '';
  };
  const endLine = (depth: number): void => {
    for (const text of suffixes.splice(0)) write(`  ${text}`);
    parts.push('\n');
    margin = INDENT.repeat(depth);
    column = margin.length;
  };
  for (let command = stack.pop(); command !== undefined; command = stack.pop()) {
    const { depth, flat, doc: part } = command;
    if (typeof part === 'string') {
      write(part);
    } else if (!('type' in part)) {
      for (let i = part.length - 1; i >= 0; i--) stack.push({ depth, flat, doc: part[i] as Doc });
    } else if (part.type === 'indent') {
      stack.push({ depth: depth + 1, flat, doc: part.of });
    } else if (part.type === 'suffix') {
      suffixes.push(part.text);
    } else if (part.type === 'group') {
      const next = { depth, flat: true, doc: part.of };
      stack.push(!part.breaks && (flat || fits(next, stack, width - column)) ? next : { ...next, flat: false });
    } else if (flat && !part.hard) {
      write(part.flat);
    } else {
      write(part.broken);
      endLine(depth);
    }
  }
  for (const text of suffixes) write(`  ${text}`);
  return parts.join('');
}

/** Whether everything up to the next line end fits in `room` columns when the command is laid out flat. */
function fits(first: Command, rest: readonly Command[], room: number): boolean {
  let left = room;
  let below = rest.length;
  const stack: Command[] = [first];
  while (left >= 0) {
    const command = stack.pop() ?? rest[--below];
    if (command === undefined) return true;
    const { flat, doc } = command;
    if (typeof doc === 'string') left -= doc.length;
    else if (!('type' in doc)) for (let i = doc.length - 1; i >= 0; i--) stack.push({ ...command, doc: doc[i] as Doc });
    else if (doc.type === 'indent') stack.push({ ...command, doc: doc.of });
    else if (doc.type === 'group') stack.push({ ...command, flat: flat && !doc.breaks, doc: doc.of });
    else if (doc.type === 'line') {
      if (!flat || doc.hard) return true;
      left -= doc.flat.length;
    }
  }
  return false;
}

// The difference of two texts line by line, in the form that `diff -u` and `git diff` write and `patch` reads.

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

const CONTEXT = 3;
/** Beyond so many differing lines the whole middle is shown as replaced: the search is quadratic in their number. */
const MOST_EDITS = 2000;

/** The parts of a unified diff, with line ends; nothing where the texts are the same. */
export function diffLines(name: string, before: string, after: string): readonly string[] {
  if (before === after) return [];
  const edits = compare(splitLines(before), splitLines(after));
  return [`--- ${name}\n`, `+++ ${name}\n`, ...hunks(edits)];
}

/** Lines with their line ends. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const same = (lines: readonly string[]): readonly Edit[] => lines.map((text) => ({ kind: ' ', text }));
  return [
    ...same(before.slice(0, start)),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** The shortest sequence of edits (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986). */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const frontiers: Int32Array[] = [];
  const limit = Math.min(before.length + after.length, MOST_EDITS);
  const reach = new Int32Array(2 * limit + 3);
  const at = (k: number): number => reach[k + limit + 1] as number;
  for (let edits = 0; edits <= limit; edits++) {
    frontiers.push(reach.slice());
    for (let k = -edits; k <= edits; k += 2) {
      let x = k === -edits || (k !== edits && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      reach[k + limit + 1] = x;
      if (x >= before.length && x - k >= after.length) return traceBack(frontiers, limit, before, after);
    }
  }
  return [...before.map((text): Edit => ({ kind: '-', text })), ...after.map((text): Edit => ({ kind: '+', text }))];
}

function traceBack(
  frontiers: readonly Int32Array[],
  limit: number,
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let step = frontiers.length - 1; step >= 0; step--) {
    const reach = frontiers[step] as Int32Array;
    const at = (k: number): number => reach[k + limit + 1] as number;
    const k = x - y;
    const down = k === -step || (k !== step && at(k - 1) < at(k + 1));
    const fromX = step === 0 ? 0 : down ? at(k + 1) : at(k - 1);
    const fromY = step === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && before[x - 1] === after[y - 1]) {
      edits.push({ kind: ' ', text: before[--x] as string });
      y--;
    }
    if (step === 0) break;
    if (down) edits.push({ kind: '+', text: after[--y] as string });
    else edits.push({ kind: '-', text: before[--x] as string });
  }
  return edits.reverse();
}

function hunks(edits: readonly Edit[]): readonly string[] {
  const changed = edits.flatMap((edit, i) => (edit.kind === ' ' ? [] : [i]));
  const parts: string[] = [];
  for (let i = 0; i < changed.length; ) {
    const from = Math.max(0, (changed[i] as number) - CONTEXT);
    let to = changed[i] as number;
    while (i < changed.length && (changed[i] as number) <= to + 2 * CONTEXT) to = changed[i++] as number;
    const hunk = edits.slice(from, Math.min(edits.length, to + CONTEXT + 1));
    const count = (kind: Edit['kind']): number => hunk.filter((edit) => edit.kind !== kind).length;
    const first = (kind: Edit['kind']): number => edits.slice(0, from).filter((edit) => edit.kind !== kind).length + 1;
    parts.push(`@@ -${first('+')},${count('+')} +${first('-')},${count('-')} @@\n`);
    parts.push(
      ...hunk.map(
        ({ kind, text }) => `${kind}${text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`}`,
      ),
    );
  }
  return parts;
}

// Orders that do not depend on locale, machine or insertion, so that every output repeats byte for byte.
// `localeCompare` is not used anywhere: its answers change with the ICU data that Node was built with.

/** Code-unit order, as `<` on strings: negative, zero or positive. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As compareText, but runs of ASCII digits compare as numbers: `web-2` before `web-10`. Total: equal only if same. */
export function compareNatural(a: string, b: string): number {
  const left = a.match(CHUNKS) ?? [];
  const right = b.match(CHUNKS) ?? [];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const order = compareChunks(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

/** A sorted copy, by a text key, in code-unit order. Items of one key keep their order. */
export function sortBy<T>(items: Iterable<T>, key: (item: T) => string): readonly T[] {
  return [...items].sort((a, b) => compareText(key(a), key(b)));
}

const CHUNKS = /[0-9]+|[^0-9]+/g;
const DIGITS = /^[0-9]/;

function compareChunks(a: string, b: string): number {
  if (!DIGITS.test(a) || !DIGITS.test(b)) return compareText(a, b);
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length - y.length || compareText(x, y);
}

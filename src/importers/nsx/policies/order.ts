// In which order things are tried that may or may not be numbered: those without any number keep the order of the dump,
// those with numbers go by them, and equal numbers stay equal, for NSX does not say which of them is first.
import { fieldOf, keySpanOf, numberAt, type RecordNode, spanOf } from '../read/node.ts';
import { countOf, type Problems } from '../read/problems.ts';

/** What the API takes for a number that is not given (NSX 4.2 schemas Policy and BaseRule). */
const DEFAULT_NUMBER = 0;

/** The number of each; null for all of them where none is given. Says so where only some are. */
export function readNumbers(problems: Problems, nodes: readonly RecordNode[], what: string): readonly number[] | null {
  const numbers = nodes.map((node) => numberAt(problems, node, 'sequence_number'));
  const without = nodes.filter((_, i) => numbers[i] === null);
  if (without.length === nodes.length) return null;
  const [first] = without;
  if (first !== undefined) {
    const numbered = nodes.find((_, i) => numbers[i] !== null);
    problems.report(
      'warning',
      'nsx/mixed-sequence-numbers',
      `${countOf(without.length, what)} without a sequence number among others that have one`,
      spanOf(first),
      {
        notes:
          numbered === undefined
            ? []
            : [{ message: 'this one has a number', span: keySpanOf(fieldOf(numbered, 'sequence_number')) }],
        help: `NSX takes a missing number for ${DEFAULT_NUMBER}, which comes before the others`,
      },
    );
  }
  return numbers.map((number) => number ?? DEFAULT_NUMBER);
}

/** A copy by number, smallest first; equal ones in the order of the dump. */
export function sortByNumber<T>(items: readonly T[], numberOf: (item: T) => number): readonly T[] {
  return [...items].sort((a, b) => numberOf(a) - numberOf(b));
}

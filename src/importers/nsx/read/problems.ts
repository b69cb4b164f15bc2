// Collects what is to be said about a dump: single diagnostics, and findings that repeat, counted into one each.
// A dump of thousands of objects may have the same oddity in all of them; nobody reads that a thousand times, and a
// hostile dump must not fill the memory with messages. What is left out is counted, never dropped quietly.
import { quote } from '../../../net/address.ts';
import type { Code } from '../../../text/codes.ts';
import {
  type Diagnostic,
  type DiagnosticExtra,
  error,
  note,
  type Severity,
  warning,
} from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';

export interface Problems {
  readonly report: (
    severity: Severity,
    code: Code,
    message: string,
    span: Span | null,
    extra?: DiagnosticExtra,
  ) => void;
  /**
   * Counts a finding under its code and `subject`: one diagnostic for all of them, at the first place, with `message`
   * made of how often it came.
   */
  readonly count: (
    severity: Severity,
    code: Code,
    subject: string,
    message: (times: number) => string,
    span: () => Span | null,
    help?: string,
  ) => void;
  /** Everything found so far, single ones in the order found. */
  readonly list: () => readonly Diagnostic[];
}

/** Single diagnostics of one code beyond this many are counted. */
const MOST_OF_ONE_CODE = 100;
/** Different subjects of one code beyond this many are counted under the last. */
const MOST_SUBJECTS = 100;

const makers = { error, warning, note };

interface Counted {
  readonly severity: Severity;
  readonly code: Code;
  readonly message: (times: number) => string;
  readonly span: Span | null;
  readonly help: string | undefined;
  times: number;
}

export function collectProblems(): Problems {
  const single: Diagnostic[] = [];
  const perCode = new Map<string, { readonly severity: Severity; readonly code: Code; seen: number }>();
  const counted = new Map<string, Counted>();
  const subjects = new Map<Code, number>();
  return {
    report(severity, code, message, span, extra) {
      const key = `${severity} ${code}`;
      const known = perCode.get(key) ?? { severity, code, seen: 0 };
      perCode.set(key, known);
      known.seen++;
      if (known.seen <= MOST_OF_ONE_CODE) single.push(makers[severity](code, message, span, extra));
    },
    count(severity, code, subject, message, span, help) {
      const own = counted.get(`${code} ${subject}`);
      if (own !== undefined) {
        own.times++;
        return;
      }
      const known = subjects.get(code) ?? 0;
      subjects.set(code, known + 1);
      if (known < MOST_SUBJECTS) {
        counted.set(`${code} ${subject}`, { severity, code, message, span: span(), help, times: 1 });
        return;
      }
      const rest = counted.get(`${code}\0rest`);
      if (rest !== undefined) rest.times++;
      else counted.set(`${code}\0rest`, { severity, code, message: restOf(code), span: null, help, times: 1 });
    },
    list() {
      const rest = [...perCode.values()]
        .filter(({ seen }) => seen > MOST_OF_ONE_CODE)
        .map(({ severity, code, seen }) => makers[severity](code, restOf(code)(seen - MOST_OF_ONE_CODE), null));
      const totals = [...counted.values()].map(({ severity, code, message, span, help, times }) =>
        makers[severity](code, message(times), span, { help: help ?? null }),
      );
      return [...single, ...rest, ...totals];
    },
  };
}

function restOf(code: Code): (times: number) => string {
  return (times) => `${times} more of \`${code}\` ${times === 1 ? 'is' : 'are'} not shown`;
}

/** The first few of many user texts, quoted, with how many are left out. */
export function quoteSome(texts: readonly string[], most = 5): string {
  const shown = texts.slice(0, most).map(quote).join(', ');
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** What is added to a message that stands for several places. */
export function elsewhere(times: number): string {
  return times === 1 ? '' : `, here and in ${countOf(times - 1, 'more place')}`;
}

/** `1 rule`, `3 rules`. */
export function countOf(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

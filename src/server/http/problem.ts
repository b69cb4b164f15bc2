// What a client did wrong, or the server cannot do, as RFC 9457 problem documents (`application/problem+json`). Codes
// are stable: scripts match on them. What the core found goes along as diagnostics with their places.
import { STATUS_CODES } from 'node:http';
import type { ProblemDocument } from '../../api/problem.ts';
import { PROBLEM_FORMAT } from '../../api/problem.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { limitDiagnostics, sortDiagnostics } from '../../text/diagnostic.ts';
import { type DiagnosticJson, toJson } from '../../text/diagnostic-json.ts';
import type { Source } from '../../text/source.ts';

/** Diagnostics of one severity that a problem carries at most. */
export const MOST_DIAGNOSTICS = 100;

export interface ProblemOptions {
  /** What to do about it. */
  readonly help?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly sources?: ReadonlyMap<string, Source>;
  /** Diagnostics that were rendered elsewhere, after those. */
  readonly told?: readonly DiagnosticJson[];
  /** Headers of the answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; the error handler of the app makes the answer of it. */
export class Problem extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly options: ProblemOptions;

  constructor(statusCode: number, code: string, detail: string, options: ProblemOptions) {
    super(detail);
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.code = code;
    this.options = options;
  }
}

/** A problem to throw. `code`: kebab-case and stable; `detail`: what is wrong, lower case and without a full stop. */
export function problem(status: number, code: string, detail: string, options: ProblemOptions = {}): Problem {
  return new Problem(status, code, detail, options);
}

/** What the core found wrong with what was asked or sent, with its places. */
export function rejected(
  detail: string,
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  { status = 422, code = 'rejected' }: { readonly status?: number; readonly code?: string } = {},
): Problem {
  return problem(status, code, detail, { diagnostics, sources });
}

/** The document of a problem; `instance` is the id of the request, by which the log knows it. */
export function problemDocument(
  status: number,
  code: string,
  detail: string,
  instance: string,
  { help, diagnostics = [], sources = new Map(), told = [] }: ProblemOptions = {},
): ProblemDocument {
  const shown = limitDiagnostics(sortDiagnostics(diagnostics), MOST_DIAGNOSTICS);
  const all = [...shown.map((each) => toJson(each, sources)), ...told];
  return {
    format: PROBLEM_FORMAT,
    type: `urn:bulkhead:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    instance: `urn:bulkhead:request:${instance}`,
    ...(help === undefined ? {} : { help }),
    ...(all.length === 0 ? {} : { diagnostics: all }),
  };
}

// What goes wrong when a server is asked: it refuses, in its own words, or nobody answers that speaks this API.
import { PROBLEM_FORMAT, type ProblemDocument } from '../api/problem.ts';

/** What the server refused, in its own words. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;

  constructor(status: number, problem: ProblemDocument) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
  }
}

/** Nobody answered, or not a server of this API. */
export class ServerUnreachable extends Error {}

/** What the text of an answer that is no success says. */
export function refusalOf(status: number, text: string, origin: string): Error {
  const body = parseJson(text);
  const isProblem =
    typeof body === 'object' && body !== null && (body as { format?: unknown }).format === PROBLEM_FORMAT;
  if (isProblem) return new RequestRefused(status, body as ProblemDocument);
  return new ServerUnreachable(`what answers at \`${origin}\` says ${status}, and is no server of this API`);
}

/** The value of a text that a server gave as JSON. */
export function readJson(text: string, origin: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new ServerUnreachable(`what answers at \`${origin}\` is no server of this API`);
}

/** The failure of a network, by its innermost reason: `fetch failed` alone says nothing. */
export function unreachable(reason: unknown): ServerUnreachable {
  return new ServerUnreachable(describe(reason), { cause: reason });
}

function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const { cause, message } = reason;
  if (reason.name === 'TimeoutError') return 'it does not answer in time';
  return cause instanceof Error ? describe(cause) : message === '' ? reason.name : message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Problems on their way between threads: their diagnostics are rendered where the texts are.
import { limitDiagnostics, sortDiagnostics } from '../../text/diagnostic.ts';
import { toJson } from '../../text/diagnostic-json.ts';
import { MOST_DIAGNOSTICS, type Problem, problem } from '../http/problem.ts';
import type { PlainProblem } from './task.ts';

export function plainProblem({ statusCode, code, message, options }: Problem): PlainProblem {
  const { help = null, diagnostics = [], sources = new Map() } = options;
  const shown = limitDiagnostics(sortDiagnostics(diagnostics), MOST_DIAGNOSTICS);
  return { status: statusCode, code, detail: message, help, told: shown.map((each) => toJson(each, sources)) };
}

export function problemOf({ status, code, detail, help, told }: PlainProblem): Problem {
  return problem(status, code, detail, { ...(help === null ? {} : { help }), told });
}

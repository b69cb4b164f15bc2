// `bulkhead why`: whether a flow is allowed, and why. One question as arguments, or many on standard input, of which
// each line is answered as it comes by one line.
import { createInterface } from 'node:readline';
import { explainFlow, type FlowExplanation } from '../../analyze/explain-flow.ts';
import { parseFlowQuestion } from '../../bind/question/flow.ts';
import { makeQuestionNames, type QuestionNames } from '../../bind/question/question-names.ts';
import type { Verdict } from '../../model/policy.ts';
import { formatInstant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { makeDiagnosticsDocument } from '../../text/diagnostic-json.ts';
import { makeSource } from '../../text/source.ts';
import { makeWhyDocument } from '../../workspace/formats/why.ts';
import { type Context, type ExitCode, emit, emitJson, fail, render } from '../io/context.ts';
import { joinFlowWords } from '../io/flow-words.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom, type Opened } from '../io/open.ts';
import { invalidChoice } from '../io/refusal.ts';
import { EXPECTATIONS } from '../surface/commands.ts';
import { makePaint } from '../text/paint.ts';
import { renderWhy } from '../text/why-text.ts';

/** Answers; with --expect, 1 if a verdict is another one, 3 if it is unknown. */
export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const expected = typeof values.expect === 'string' ? values.expect : null;
  if (expected !== null && !EXPECTATIONS.some((word) => word === expected)) {
    return fail(context, [invalidChoice('`--expect`', expected, EXPECTATIONS)]);
  }
  const line = joinFlowWords('why', words);
  if (typeof line !== 'string') return fail(context, [line]);
  const layers = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  return answerFrom(context, layers, (opened) =>
    line === '-' ? answerInput(context, opened, expected) : answerOne(context, opened, line, expected),
  );
}

async function answerOne(context: Context, opened: Opened, line: string, expected: string | null): Promise<ExitCode> {
  const { snapshot, workspace } = opened;
  const question = makeSource('flow', line);
  const { flow, diagnostics } = parseFlowQuestion(question, makeQuestionNames(snapshot.layers));
  if (flow === null) return fail(context, diagnostics, new Map([[question.name, question]]));
  const explanation = explainFlow(snapshot.evaluator, flow);
  const written =
    context.format === 'json'
      ? await emitJson(context, makeWhyDocument(explanation, formatInstant(context.at), workspace.sources))
      : await emit(context, [renderAnswer(context, opened, explanation, line)]);
  return written === 0 ? exitFor(explanation.verdict, expected) : written;
}

function renderAnswer(context: Context, { workspace }: Opened, explanation: FlowExplanation, line: string): string {
  const isColored = context.outPath === null && context.terminal.colorOut;
  return renderWhy(explanation, line, workspace.layers, workspace.sources, makePaint(isColored));
}

function exitFor(verdict: Verdict, expected: string | null): ExitCode {
  if (expected === null) return 0;
  if (verdict === 'unknown') return 3;
  const isDenied = verdict === 'drop' || verdict === 'reject';
  return verdict === expected || (expected === 'deny' && isDenied) ? 0 : 1;
}

/**
 * One answer a line, in the order of the questions. A line that cannot be read is answered by its errors, and the end
 * is 2; else an unexpected verdict (1) counts for more than an unknown one (3).
 */
async function answerInput(context: Context, opened: Opened, expected: string | null): Promise<ExitCode> {
  const names = makeQuestionNames(opened.snapshot.layers);
  const exits = new Set<ExitCode>();
  const interrupted = (): void => process.exit(130);
  process.once('SIGINT', interrupted);
  const written = await emit(context, answers(context, opened, names, expected, exits), { eager: true });
  process.removeListener('SIGINT', interrupted);
  if (written !== 0) return written;
  return ([2, 1, 3] as const).find((exit) => exits.has(exit)) ?? 0;
}

async function* answers(
  context: Context,
  opened: Opened,
  names: QuestionNames,
  expected: string | null,
  exits: Set<ExitCode>,
): AsyncGenerator<string> {
  const { snapshot, workspace } = opened;
  const at = formatInstant(context.at);
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    const { flow, diagnostics: problems } = parseFlowQuestion(makeSource('standard input', line), names);
    if (flow === null) {
      exits.add(2);
      // As if all lines had been read as one text, so that the message gives the number of the line.
      const question = makeSource('standard input', '\n'.repeat(number - 1) + line);
      const diagnostics = problems.map((problem) => shift(problem, number - 1));
      const sources = new Map([[question.name, question]]);
      const isJson = context.format === 'json';
      if (!isJson) process.stderr.write(render(context, diagnostics, sources, context.terminal.colorErr));
      else yield `${JSON.stringify(makeDiagnosticsDocument(diagnostics, sources))}\n`;
      continue;
    }
    const explanation = explainFlow(snapshot.evaluator, flow);
    exits.add(exitFor(explanation.verdict, expected));
    if (context.format === 'json') yield `${JSON.stringify(makeWhyDocument(explanation, at, workspace.sources))}\n`;
    else yield `${renderAnswer(context, opened, explanation, line)}\n`;
  }
}

function shift(diagnostic: Diagnostic, by: number): Diagnostic {
  const { span } = diagnostic;
  return span === null ? diagnostic : { ...diagnostic, span: { ...span, start: span.start + by, end: span.end + by } };
}

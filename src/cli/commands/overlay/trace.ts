// `bulkhead trace`: the way of one packet through the fabric, and of what comes back. One flow as arguments, or many on
// standard input, of which each line is answered as it comes.
import { createInterface } from 'node:readline';
import { type AskedTrace, askTrace } from '../../../analyze/ask-trace.ts';
import { changeSide } from '../../../analyze/what-if/changed-side.ts';
import { makeQuestionNames } from '../../../bind/question/question-names.ts';
import { formatInstant } from '../../../model/time.ts';
import type { Fabric } from '../../../overlay/fabric/fabric.ts';
import { openFabric } from '../../../overlay/open-fabric.ts';
import { type Disposition, dispositions } from '../../../overlay/packet/disposition.ts';
import { renderTraceMermaid } from '../../../overlay/render/mermaid.ts';
import { renderPcap } from '../../../overlay/render/pcap.ts';
import { renderTraceSvg } from '../../../overlay/render/svg.ts';
import { makeTraceflow } from '../../../overlay/render/traceflow.ts';
import type { Walk } from '../../../overlay/walk/walk.ts';
import { type Diagnostic, hasErrors } from '../../../text/diagnostic.ts';
import { makeDiagnosticsDocument } from '../../../text/diagnostic-json.ts';
import { makeSource } from '../../../text/source.ts';
import { makeTraceDocument } from '../../../workspace/formats/trace.ts';
import { emitBytes } from '../../io/bytes.ts';
import { type Context, type ExitCode, emit, emitJson, fail, render, warn } from '../../io/context.ts';
import { joinFlowWords } from '../../io/flow-words.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom, type Opened } from '../../io/open.ts';
import { invalidChoice } from '../../io/refusal.ts';
import { readTraceOptions, type TraceOptions } from '../../io/trace-options.ts';
import { makePaint } from '../../text/paint.ts';
import { renderTrace } from '../../text/trace-text.ts';

const ENDS = Object.keys(dispositions) as readonly Disposition[];

/** Walks; with --expect, 1 if a packet ends another way, 3 if that is unknown. */
export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const expected = typeof values.expect === 'string' ? values.expect : null;
  const { options, diagnostics } = readTraceOptions(values);
  if (expected !== null && !ENDS.some((end) => end === expected)) {
    return fail(context, [invalidChoice('`--expect`', expected, ENDS)]);
  }
  const line = joinFlowWords('trace', words);
  if (typeof line !== 'string') return fail(context, [line]);
  if (diagnostics.length > 0) return fail(context, diagnostics);
  const layers = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  const statements = Array.isArray(values.eval) ? (values.eval as readonly string[]) : [];
  return answerFrom(context, layers, async (unchanged) => {
    const changed = changeSide(unchanged.snapshot, statements, options.failures, '-e');
    const sources = new Map([...unchanged.workspace.sources, ...changed.sources]);
    if (hasErrors(changed.diagnostics)) return fail(context, changed.diagnostics, sources);
    warn(context, changed.diagnostics, sources);
    const { snapshot, failures } = changed;
    const opened: Opened = { ...unchanged, snapshot, workspace: { ...unchanged.workspace, sources } };
    const { fabric, diagnostics: found } = openFabric(snapshot.evaluator, { failures });
    if (hasErrors(found)) return fail(context, found, sources);
    const problems = options.check(fabric);
    if (problems.length > 0) return fail(context, problems);
    warn(context, found, sources);
    return line === '-'
      ? traceInput(context, opened, fabric, options, expected)
      : traceOne(context, opened, fabric, options, line, expected);
  });
}

async function traceOne(
  context: Context,
  opened: Opened,
  fabric: Fabric,
  options: TraceOptions,
  line: string,
  expected: string | null,
): Promise<ExitCode> {
  const question = makeSource('flow', line);
  const asked = askTrace(fabric, question, makeQuestionNames(opened.snapshot.layers), options.walk);
  if ('diagnostics' in asked) return fail(context, asked.diagnostics, new Map([[question.name, question]]));
  const written = await write(context, opened, asked, line);
  return written === 0 ? exitFor(asked.walk.disposition, expected) : written;
}

async function write(context: Context, opened: Opened, { walk: walked }: AskedTrace, line: string): Promise<0 | 2> {
  const { sources } = opened.workspace;
  switch (context.format) {
    case 'json':
      return emitJson(context, documentOf(context, opened, walked));
    case 'mermaid':
      return emit(context, [renderTraceMermaid(walked)]);
    case 'svg':
      return emit(context, [renderTraceSvg(walked)]);
    case 'traceflow':
      return emitJson(context, makeTraceflow(walked));
    case 'pcap':
      return emitBytes(context, renderPcap(walked));
    default: {
      const isColored = context.outPath === null && context.terminal.colorOut;
      return emit(context, [renderTrace(walked, line, sources, makePaint(isColored))]);
    }
  }
}

function documentOf(context: Context, { workspace }: Opened, walked: Walk): object {
  const { source, destination } = walked;
  const ends = { source: source?.id ?? 'outside', destination: destination?.id ?? 'outside' };
  return makeTraceDocument(walked, ends, formatInstant(context.at), workspace.sources);
}

function exitFor(disposition: Disposition, expected: string | null): ExitCode {
  if (expected === null || disposition === expected) return 0;
  return disposition === 'unknown' ? 3 : 1;
}

/** One answer a line, in the order of the questions; a line that cannot be read is answered by its errors, and the end is 2. */
async function traceInput(
  context: Context,
  opened: Opened,
  fabric: Fabric,
  options: TraceOptions,
  expected: string | null,
): Promise<ExitCode> {
  if (context.format !== 'text' && context.format !== 'json') {
    return fail(context, [invalidChoice('`--format` for many traces', context.format, ['text', 'json'])]);
  }
  const exits = new Set<ExitCode>();
  const written = await emit(context, answers(context, opened, fabric, options, expected, exits), { eager: true });
  if (written !== 0) return written;
  return ([2, 1, 3] as const).find((exit) => exits.has(exit)) ?? 0;
}

async function* answers(
  context: Context,
  opened: Opened,
  fabric: Fabric,
  options: TraceOptions,
  expected: string | null,
  exits: Set<ExitCode>,
): AsyncGenerator<string> {
  const names = makeQuestionNames(opened.snapshot.layers);
  const isJson = context.format === 'json';
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    // As if all lines had been read as one text, so that a message gives the number of the line.
    const question = makeSource('standard input', '\n'.repeat(number - 1) + line);
    const asked = askTrace(fabric, makeSource(question.name, line), names, options.walk);
    if ('diagnostics' in asked) {
      exits.add(2);
      const sources = new Map([[question.name, question]]);
      const problems = asked.diagnostics.map((problem) => shift(problem, number - 1));
      if (!isJson) process.stderr.write(render(context, problems, sources, context.terminal.colorErr));
      else yield `${JSON.stringify(makeDiagnosticsDocument(problems, sources))}\n`;
      continue;
    }
    exits.add(exitFor(asked.walk.disposition, expected));
    if (isJson) yield `${JSON.stringify(documentOf(context, opened, asked.walk))}\n`;
    else yield `${renderTrace(asked.walk, line, opened.workspace.sources, makePaint(context.terminal.colorOut))}\n`;
  }
}

function shift(diagnostic: Diagnostic, by: number): Diagnostic {
  const { span } = diagnostic;
  return span === null ? diagnostic : { ...diagnostic, span: { ...span, start: span.start + by, end: span.end + by } };
}

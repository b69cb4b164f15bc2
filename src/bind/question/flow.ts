// Turns a flow in one line, `SRC -> DST [on SERVICE]`, into its three parts, each read as it would be alone.
// The line is cut before it is parsed, so that ids with slashes need no quotes in either form of a question.

import type { ServiceQuestion } from '../../model/question.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import type { QuestionNames } from './question-names.ts';
import { parseServiceQuestion } from './service-question.ts';

export interface FlowQuestion {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly service: ServiceQuestion;
}

export interface ParsedFlow {
  /** null after an error. */
  readonly flow: FlowQuestion | null;
  /** Spans refer to the text of the whole line. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `SRC -> DST on SERVICE`, or the three separated by blanks. */
export function parseFlowQuestion(line: Source, names: QuestionNames): ParsedFlow {
  const parts = cutFlow(line.text);
  if (parts === null) {
    const span = { file: line.name, start: 0, end: line.text.length };
    const problem = error('check/wrong-kind', 'this is not a question about a flow', span, {
      help: 'write `SRC -> DST on SERVICE`, or three words: source, destination, service',
    });
    return { flow: null, diagnostics: [problem] };
  }
  const [source, destination, service] = parts.map(({ start, end }) => {
    // Blanks up to the part keep its offsets those of the line.
    return makeSource(line.name, `${' '.repeat(start)}${line.text.slice(start, end)}`);
  }) as [Source, Source, Source];
  const from = parseEndpoint(source, names);
  const to = parseEndpoint(destination, names);
  const asked = parseServiceQuestion(service, names);
  const diagnostics = [...from.diagnostics, ...to.diagnostics, ...asked.diagnostics];
  if (from.endpoint === null || to.endpoint === null || asked.question === null) return { flow: null, diagnostics };
  return { flow: { source: from.endpoint, destination: to.endpoint, service: asked.question }, diagnostics };
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** The three parts, or null. Arrow, `on` and blanks inside quotes or parentheses cut nothing. */
function cutFlow(text: string): readonly Part[] | null {
  const marks = outermost(text);
  const arrow = marks.indexOf('->');
  if (arrow < 0) {
    const words = [...marks.matchAll(/\S+/g)].map(({ index, 0: word }) => ({ start: index, end: index + word.length }));
    return words.length === 3 ? words : null;
  }
  const on = marks.lastIndexOf(' on ');
  if (on < arrow) return null;
  return [
    { start: 0, end: arrow },
    { start: arrow + 2, end: on },
    { start: on + 4, end: text.length },
  ];
}

/** The text with everything inside quotes and parentheses as `x`, and every blank as one. */
function outermost(text: string): string {
  let depth = 0;
  let quoted = false;
  let marks = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    const inside = quoted || depth > 0;
    if (unit === '"' && text.charAt(i - 1) !== '\\') quoted = !quoted;
    else if (!quoted && unit === '(') depth++;
    else if (!quoted && unit === ')') depth = Math.max(0, depth - 1);
    marks += inside || quoted || depth > 0 ? 'x' : /\s/.test(unit) ? ' ' : unit;
  }
  return marks;
}

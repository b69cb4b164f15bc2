// `bulkhead suggest`: the smallest change that allows a flow, or that blocks it; with --tests, tests for what none notices.
import { suggest } from '../../../analyze/suggest/suggest.ts';
import { makeBaseline } from '../../../analyze/what-if/what-if.ts';
import type { Endpoint } from '../../../bind/question/endpoint.ts';
import { parseFlowQuestion } from '../../../bind/question/flow.ts';
import { makeQuestionNames } from '../../../bind/question/question-names.ts';
import { describePeer } from '../../../model/describe.ts';
import type { Question } from '../../../model/question.ts';
import type { Diagnostic } from '../../../text/diagnostic.ts';
import { makeSource } from '../../../text/source.ts';
import { makeSuggestDocument } from '../../../workspace/formats/suggest.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../../io/context.ts';
import { joinFlowWords } from '../../io/flow-words.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom, type Opened } from '../../io/open.ts';
import { usage } from '../../io/refusal.ts';
import { makePaint } from '../../text/paint.ts';
import { makeRangeNames } from '../../text/range-names.ts';
import { renderSuggestions } from '../../text/suggest-text.ts';
import { suggestTests } from './suggest-tests.ts';

/** 0 where there is a suggestion or none is needed, 1 where there is none. */
export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const layers = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  if (values.tests === true) {
    if (values.deny !== true) return suggestTests(context, [...layers, ...words]);
    const help = '`--tests` proposes tests, and is told paths alone';
    return fail(context, [usage('usage/invalid-value', '`--tests` and `--deny` are two questions', help)]);
  }
  const [flowWords, paths] = splitWords(words);
  const line = joinFlowWords('suggest', flowWords);
  if (typeof line !== 'string') return fail(context, [line]);
  return answerFrom(context, [...layers, ...paths], (opened) => answer(context, opened, line, values.deny === true));
}

/** The flow, and the paths that follow it. */
function splitWords(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  const length = words[0]?.includes('->') === true ? 1 : 3;
  return [words.slice(0, length), words.slice(length)];
}

async function answer(context: Context, opened: Opened, line: string, isDenial: boolean): Promise<ExitCode> {
  const { snapshot, workspace } = opened;
  const asked = makeSource('flow', line);
  const { flow, diagnostics } = parseFlowQuestion(asked, makeQuestionNames(snapshot.layers));
  if (flow === null) return fail(context, diagnostics, new Map([[asked.name, asked]]));
  const question = toQuestion(flow.source, flow.destination, flow.service);
  if ('code' in question) return fail(context, [question]);
  const found = suggest(makeBaseline(snapshot), question, isDenial ? 'deny' : 'allow', {
    onStage: (stage) => progress(context, stage),
  });
  const paint = makePaint(context.outPath === null && context.terminal.colorOut);
  const before = makeRangeNames(snapshot.evaluator);
  const written =
    context.format === 'json'
      ? await emitJson(context, makeSuggestDocument(found, { at: context.at, flow: line }, workspace.sources))
      : await emit(
          context,
          renderSuggestions(
            found,
            line,
            workspace.sources,
            ({ after }) => ({ before, after: makeRangeNames(after.evaluator) }),
            paint,
          ),
        );
  return written === 0 && !found.isAlready && found.suggestions.length === 0 ? 1 : written;
}

function toQuestion(source: Endpoint, destination: Endpoint, service: Question['service']): Question | Diagnostic {
  for (const end of [source, destination]) {
    if (end.kind === 'one') continue;
    const message = `\`${describePeer(end.peer)}\` is more than one endpoint: a suggestion is for one flow`;
    return usage('usage/flow', message, 'name one workload, host or address; rules for its group are suggested, too');
  }
  return source.kind === 'one' && destination.kind === 'one'
    ? { source: source.ref, destination: destination.ref, family: null, service }
    : usage('usage/flow', 'a suggestion is for one flow');
}

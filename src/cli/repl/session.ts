// A dialogue of what-if, without its terminal: each line is a statement or a command, and gives text. Statements add up
// until they are undone; every state that was reached is kept.
import { diffSnapshots } from '../../analyze/diff/diff.ts';
import type { DiffBy } from '../../analyze/diff/diff-row.ts';
import { explainFlow } from '../../analyze/explain-flow.ts';
import { askWhatIf, type Baseline, makeBaseline } from '../../analyze/what-if/what-if.ts';
import { parseChanges } from '../../bind/question/change-text.ts';
import { parseFlowQuestion } from '../../bind/question/flow.ts';
import { makeQuestionNames } from '../../bind/question/question-names.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Layer } from '../../model/layer.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import { renderDiff } from '../text/diff-text.ts';
import type { Paint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';
import { renderWhatIf } from '../text/what-if-text.ts';
import { renderWhy } from '../text/why-text.ts';
import { plural } from '../text/words.ts';

export interface Reply {
  /** What the line is answered with; '' for nothing. */
  readonly text: string;
  /** What is to be said beside it; with an error among them the line had no effect. */
  readonly diagnostics: readonly Diagnostic[];
  readonly ends: boolean;
}

export interface Session {
  /** Answers one line. */
  readonly answer: (line: string) => Reply;
  /** The layers as they are now. */
  readonly layers: () => readonly Layer[];
  /** Every text that diagnostics and rules refer to. */
  readonly sources: ReadonlyMap<string, Source>;
}

interface State {
  readonly baseline: Baseline;
  /** The statement that led here; null at the start. */
  readonly statement: string | null;
}

export function startSession(
  snapshot: Snapshot,
  texts: ReadonlyMap<string, Source>,
  by: DiffBy,
  paint: Paint,
): Session {
  const sources = new Map(texts);
  const states: State[] = [{ baseline: makeBaseline(snapshot), statement: null }];
  const current = (): State => states.at(-1) as State;
  const now = (): Snapshot => current().baseline.snapshot;
  let lines = 0;

  const say = (text: string, diagnostics: readonly Diagnostic[] = []): Reply => ({ text, diagnostics, ends: false });
  const names = (before: Snapshot, after: Snapshot) => ({
    before: makeRangeNames(before.evaluator),
    after: makeRangeNames(after.evaluator),
  });

  function change(source: Source): Reply {
    const before = now();
    const parsed = parseChanges([{ source, kind: 'statement' }], before.layers);
    if (hasErrors(parsed.diagnostics)) return say('', parsed.diagnostics);
    const { answer, diagnostics } = askWhatIf(current().baseline, parsed.home, parsed.changes, { by });
    if (answer === null) return say('', diagnostics);
    states.push({ baseline: makeBaseline(answer.after), statement: source.text.trim() });
    return say([...renderWhatIf(answer, sources, names(before, answer.after), paint)].join(''), diagnostics);
  }

  function why(source: Source): Reply {
    const { flow, diagnostics } = parseFlowQuestion(source, makeQuestionNames(now().layers));
    if (flow === null) return say('', diagnostics);
    const explanation = explainFlow(now().evaluator, flow);
    return say(renderWhy(explanation, source.text.trim(), now().layers, sources, paint));
  }

  function flows(): Reply {
    const { snapshot: start } = (states[0] as State).baseline;
    return say([...renderDiff(diffSnapshots(start, now(), { by }), sources, names(start, now()), paint)].join(''));
  }

  function undo(): Reply {
    if (states.length === 1) return say('there is nothing to undo\n');
    const { statement } = states.pop() as State;
    return say(`undone: ${statement}\n`);
  }

  function show(): Reply {
    const statements = states.flatMap(({ statement }) => statement ?? []);
    if (statements.length === 0) return say('no changes\n');
    const list = statements.map((statement, index) => `${String(index + 1).padStart(3)}  ${statement}\n`);
    return say(`${list.join('')}${plural(statements.length, 'change')}\n`);
  }

  return {
    sources,
    layers: () => now().layers,
    answer(line) {
      const source = makeSource(`line ${++lines}`, line);
      sources.set(source.name, source);
      const text = line.trim();
      if (text === '' || text.startsWith('//') || text.startsWith('#')) return say('');
      switch (text) {
        case 'help':
        case '?':
          return say(HELP);
        case 'undo':
          return undo();
        case 'show':
          return show();
        case 'flows':
          return flows();
        case 'quit':
        case 'exit':
          return { text: '', diagnostics: [], ends: true };
      }
      const asked = /^(\s*why\s+)\S/.exec(line)?.[1];
      // Blanks in the place of the command keep the columns of what is asked.
      if (asked !== undefined) return why(makeSource(source.name, ' '.repeat(asked.length) + line.slice(asked.length)));
      return change(source);
    },
  };
}

const HELP = `A line is a change, and is answered with what it would do:
  set web-01 labels env=dev                    move web-01 to esx-2
  clone web-01 as web-02                       create vm x { … }     delete web-01
  add to shop before no-db: allow cache: api -> db on tcp/6379
  remove rule shop.no-db                       disable | enable | stage rule, policy
  at 2027-02-01
Changes add up. Nothing is written anywhere.
  flows            all that the changes so far have gained and lost
  why SRC -> DST on SERVICE
  show             the changes so far
  undo             takes the last one back
  help, quit
`;

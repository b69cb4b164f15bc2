// Does one task on states that are at hand. Throws problems for what is refused.
import { diffSnapshots } from '../../analyze/diff/diff.ts';
import { askWhatIf, makeBaseline } from '../../analyze/what-if/what-if.ts';
import { type ChangeText, parseChanges } from '../../bind/question/change-text.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { makeSource } from '../../text/source.ts';
import { makeDiffDocument } from '../../workspace/formats/diff.ts';
import { makeWhatIfDocument } from '../../workspace/formats/what-if.ts';
import { rejected } from '../http/problem.ts';
import type { Held } from '../state/held.ts';
import type { Views } from '../state/views.ts';
import { judgeExpectations } from './gate.ts';
import { describePublication } from './publication.ts';
import type { Results, Task } from './task.ts';

export function runTask(task: Task, views: Views): Results[keyof Results] {
  const seen = (held: Held): Held => (task.project === null ? held : views.of(held, task.project));
  switch (task.kind) {
    case 'publication': {
      const { before, after, project, dryRun, gated } = task;
      const sides = { before: seen(before), after: seen(after) };
      const gate = gated ? judgeExpectations(before, after, project === null ? null : sides) : null;
      if (gate?.problem != null) throw gate.problem;
      return describePublication(sides.before, sides.after, { project, dryRun, passed: gate?.passed ?? 0 });
    }
    case 'diff': {
      const [before, after] = [seen(task.before), seen(task.after)];
      const diff = diffSnapshots(before.snapshot, after.snapshot, { by: task.by });
      return makeDiffDocument(diff, new Map([...before.sources, ...after.sources]));
    }
    case 'what-if':
      return tryChanges(seen(task.before), task);
  }
}

function tryChanges({ snapshot, sources }: Held, task: Extract<Task, { readonly kind: 'what-if' }>) {
  const texts = task.changes.map((text, index): ChangeText => {
    return { source: makeSource(`changes[${index}]`, text), kind: 'statement' };
  });
  const all = new Map([...sources, ...texts.map(({ source }) => [source.name, source] as const)]);
  const { changes, home, diagnostics } = parseChanges(texts, snapshot.layers);
  if (hasErrors(diagnostics)) throw rejected('these are no changes that can be made', diagnostics, all);
  const found = askWhatIf(makeBaseline(snapshot), home, changes, { by: task.by });
  if (found.answer === null) throw rejected('these changes cannot be made', found.diagnostics, all);
  const asked = { at: snapshot.at, changes: task.changes, diagnostics: found.diagnostics };
  return makeWhatIfDocument(found.answer, asked, all);
}

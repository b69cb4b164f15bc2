// Opens the two sides of a comparison. With an error on either there is nothing to compare, and the errors of both are
// the command's answer.
import type { Snapshot } from '../../engine/pipeline.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { loadOperand, loadWorkingTree, type OperandSetting } from '../../workspace/operand.ts';
import { type Context, type ExitCode, fail, progress, type Sources, warn } from './context.ts';
import { compile } from './open.ts';
import { usage } from './refusal.ts';

export interface Sides {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Every text of both sides; those of revisions have the revision in their names. */
  readonly sources: Sources;
}

/** `names`: the older side, and the newer or nothing, which is the working tree. Warnings go beside the answer. */
export async function compareSides(
  context: Context,
  names: readonly string[],
  answer: (sides: Sides) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [older, newer] = names;
  if (older === undefined) {
    const help = 'a folder, a file, or a revision such as `main`';
    return fail(context, [usage('usage/missing-argument', 'there is nothing named to compare with', help)]);
  }
  const setting: OperandSetting = {
    world: context.world,
    cwd: context.cwd,
    ...(context.dialect === null ? {} : { dialect: context.dialect }),
  };
  progress(context, `reading ${older}`);
  const left = loadOperand(older, setting);
  progress(context, `reading ${newer ?? 'the working tree'}`);
  const right = newer === undefined ? loadWorkingTree(older, setting) : loadOperand(newer, setting);
  const sources: Sources = new Map([...left.sources, ...right.sources]);
  const found: Diagnostic[] = [...left.diagnostics, ...right.diagnostics];
  if (hasErrors(found)) return fail(context, once(found), sources);
  const [before, after] = [compile(context, left), compile(context, right)];
  const all = once([...before.diagnostics, ...after.diagnostics]);
  if (hasErrors(all)) return fail(context, all, sources);
  warn(context, all, sources);
  progress(context, 'comparing');
  const exit = await answer({ before: before.snapshot, after: after.snapshot, sources });
  const isStrict = context.strict && all.some((d) => d.severity === 'warning');
  return exit === 0 && isStrict ? 1 : exit;
}

/** What both sides have to say in the same words of the same place is said once. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((d) => [`${d.code} ${d.message} ${JSON.stringify(d.span)}`, d])).values()];
}

// `bulkhead suggest --tests`: tests for changes of the policies that no test notices, as a policy file.
import { mutate } from '../../../analyze/mutate/mutate.ts';
import { proposeTests } from '../../../analyze/suggest/propose-tests.ts';
import { runTests } from '../../../analyze/tests/run-tests.ts';
import { error } from '../../../text/diagnostic.ts';
import { makeProposedTestsDocument, printProposedTests } from '../../../workspace/formats/proposed-tests.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress, say } from '../../io/context.ts';
import { answerFrom } from '../../io/open.ts';
import { usage } from '../../io/refusal.ts';
import { plural } from '../../text/words.ts';

/** 0 whatever it proposes; a file of no test where nothing goes unnoticed. */
export function suggestTests(context: Context, paths: readonly string[]): Promise<ExitCode> {
  return answerFrom(context, paths, async ({ snapshot, workspace: { sources } }) => {
    const home = snapshot.layers.findIndex(({ kind }) => kind === 'root');
    if (home === -1) {
      const message = 'tests stand in policies, and there are only imported layers';
      return fail(context, [usage('usage/invalid-value', message, 'name a folder with `.seg` files, too')]);
    }
    const { tests } = runTests(snapshot, { at: context.at, run: null });
    const failed = tests.find(({ outcome }) => outcome !== 'passed');
    if (failed !== undefined) {
      const message = `\`${failed.name}\` does not hold: what fails already notices no change`;
      const help = 'run `bulkhead test` and mend what it shows';
      return fail(context, [error('test/must-hold', message, failed.span, { help })], sources);
    }
    const report = mutate(snapshot, {
      at: context.at,
      onMutant: (done, of) => {
        if (done % 20 === 0) progress(context, `mutant ${done} of ${of}`);
      },
    });
    progress(context, 'trying tests');
    const proposed = proposeTests(snapshot, report, home);
    if (context.format === 'json') return emitJson(context, makeProposedTestsDocument(proposed, context.at));
    const written = await emit(context, [printProposedTests(proposed)]);
    if (written === 0) {
      const { lines, left, before, after, of } = proposed;
      say(
        context,
        `${plural(lines.length, 'line')}: ${after} of ${plural(of, 'mutant')} noticed with them, ${before} without`,
      );
      for (const { rule, policy, tier, change } of left) {
        say(context, `no line for ${rule?.id ?? policy?.id ?? `the default of tier ${tier}`}: ${change}`);
      }
    }
    return written;
  });
}

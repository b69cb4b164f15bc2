// `bulkhead expiring`: what time alone will do, as rules expire and windows open and close.
import { sweepExpiring } from '../../../analyze/what-if/expiring.ts';
import { formatInstant } from '../../../model/time.ts';
import type { Diagnostic } from '../../../text/diagnostic.ts';
import { parseInstant } from '../../../text/parse-instant.ts';
import { makeExpiringDocument } from '../../../workspace/formats/what-if.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom } from '../../io/open.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { DIFF_GROUPINGS } from '../../surface/change-commands.ts';
import { renderExpiring } from '../../text/expiring-text.ts';
import { makePaint } from '../../text/paint.ts';
import { makeRangeNames } from '../../text/range-names.ts';

const DAY = 24 * 60 * 60 * 1000;
const USUAL_DAYS = 90;
/** Windows come round every week: further on nothing new is found, only more of it. */
const MOST_DAYS = 366 * 5;

/** From --at until --until; ends with 0 whatever it finds. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const wanted = typeof values.by === 'string' ? values.by : 'group';
  const by = DIFF_GROUPINGS.find((unit) => unit === wanted);
  if (by === undefined) return fail(context, [invalidChoice('`expiring --by`', wanted, DIFF_GROUPINGS)]);
  const until = readUntil(context, values.until);
  if (typeof until !== 'number') return fail(context, [until]);
  return answerFrom(context, paths, async ({ snapshot, workspace: { sources } }) => {
    const { expiries, diagnostics } = sweepExpiring(snapshot, {
      until,
      by,
      onInstant: (at) => progress(context, formatInstant(at)),
    });
    if (diagnostics.length > 0) return fail(context, diagnostics, sources);
    if (context.format === 'json') {
      const range = { at: snapshot.at, until, layers: snapshot.layers };
      return emitJson(context, makeExpiringDocument(expiries, range, sources));
    }
    const names = makeRangeNames(snapshot.evaluator);
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    return emit(context, renderExpiring(expiries, until, sources, { before: names, after: names }, paint));
  });
}

/** The end of a time that begins at `--at`: `--until`, or 90 days later; or what is wrong with it. */
export function readUntil(context: Context, given: unknown): number | Diagnostic {
  const until = typeof given === 'string' ? parseUntil(given) : context.at + USUAL_DAYS * DAY;
  const refuse = (why: string, help: string): Diagnostic =>
    usage('usage/invalid-value', `\`--until\` does not take \`${given}\`${why}`, help);
  if (until === null)
    return refuse('', 'write a date such as `2027-01-31`, or an instant such as `2027-01-31T18:00:00Z`');
  if (until >= context.at && until <= context.at + MOST_DAYS * DAY) return until;
  const latest = formatInstant(context.at + MOST_DAYS * DAY);
  return refuse(
    `: it is ${until < context.at ? 'before the start' : 'too far away'}`,
    `the start is \`--at\`, here ${formatInstant(context.at)}; the end is five years later at most, ${latest}`,
  );
}

/** A date includes its whole day in UTC, as `until` in a policy does. */
function parseUntil(text: string): number | null {
  const parsed = parseInstant(text);
  return parsed !== null && /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? parsed + DAY : parsed;
}

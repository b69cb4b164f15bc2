// Turns `revision` and `at` of a request into the state that is asked about.
import { parseInstant } from '../../text/parse-instant.ts';
import type { ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';
import type { Served, Viewer } from '../state/served.ts';

/** Throws problems: 400 for what is no instant, 404 for a revision that the viewer does not see. */
export async function servedWhen(
  { state }: ServerContext,
  viewer: Viewer,
  { revision, at }: { readonly revision?: string | undefined; readonly at?: string | undefined },
): Promise<Served> {
  const instant = at === undefined ? undefined : parseInstant(at);
  if (instant === null) {
    throw problem(400, 'invalid-instant', '`at` is no instant', {
      help: 'write it as `2026-11-02T09:00:00Z`, or a date',
    });
  }
  return state.at(viewer, { revision, at: instant });
}

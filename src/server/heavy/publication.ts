// What publishing does to the flows, as a document: the rows that open and close, and what was said about the policies.

import { diffSnapshots } from '../../analyze/diff/diff.ts';
import { PUBLICATION_FORMAT, type Publication } from '../../api/policies.ts';
import type { PolicyFile } from '../../store/store.ts';
import { toJson } from '../../text/diagnostic-json.ts';
import { makeDiffDocument } from '../../workspace/formats/diff.ts';
import { etagOf } from '../http/etag.ts';
import type { Held } from '../state/held.ts';

/** Rows of each list; the rest is counted. */
const MOST_ROWS = 1000;

export type PublicationBody = Omit<Publication, 'revision' | 'changed'>;

/** Everything but the revision, which only the commit knows. Both sides as whoever publishes sees them. */
export function describePublication(
  before: Held,
  after: Held,
  { project, dryRun, passed }: { project: string | null; dryRun: boolean; passed: number },
): PublicationBody {
  const sources = new Map([...before.sources, ...after.sources]);
  const { gained, lost, unchangedPairs } = makeDiffDocument(diffSnapshots(before.snapshot, after.snapshot), sources);
  const rowsLeftOut = Math.max(0, gained.length - MOST_ROWS) + Math.max(0, lost.length - MOST_ROWS);
  return {
    format: PUBLICATION_FORMAT,
    dryRun,
    etag: policiesTag(after.files, project),
    expectations: { passed },
    gained: gained.slice(0, MOST_ROWS).map((row) => ({ ...row })),
    lost: lost.slice(0, MOST_ROWS).map((row) => ({ ...row })),
    unchangedPairs,
    rowsLeftOut,
    diagnostics: after.diagnostics.map((each) => toJson(each, after.sources)),
  };
}

/** The tag of all files of a project; it changes with them alone. */
export function policiesTag(files: readonly PolicyFile[], project: string | null): string {
  const own = files.filter((file) => file.project === project);
  return etagOf('policies', project, ...own.flatMap(({ path, text }) => [path, text]));
}

// The baseline: a file that lists findings which are known and put up with until a day. It is how lint starts in a place
// that has findings already. What it lists is told apart by what does not change while files do: code, file, the text of
// the line and the message. What is not found any more is said, so that the file can only become shorter.
import * as z from 'zod';
import { makeCheckStep, makeReport } from '../../analyze/ci/report.ts';
import type { LintFinding } from '../../analyze/lint/kit/finding.ts';
import { makeFinding } from '../../analyze/lint/kit/make.ts';
import { parseEnd } from '../../analyze/lint/suppress.ts';
import { readDocuments } from '../../importers/document.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { plural } from '../../text/words.ts';
import { fingerprint } from '../formats/ci/fingerprint.ts';
import { locateFindings } from '../formats/ci/located.ts';
import type { Sources } from '../formats/place.ts';

export const BASELINE_FORMAT = 'bulkhead.baseline/1';

const schema = z.strictObject({
  format: z.literal(BASELINE_FORMAT),
  until: z.string().refine((text) => parseEnd(text) !== null),
  findings: z.array(
    z.strictObject({
      fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
      code: z.string(),
      file: z.string().nullable(),
      message: z.string(),
    }),
  ),
});

export type BaselineDocument = z.infer<typeof schema>;

export interface Baseline {
  readonly document: BaselineDocument;
  /** What the file is called in findings about it. */
  readonly name: string;
}

/** Reads a baseline; null with an error where it is none. */
export function parseBaseline(source: Source): {
  readonly baseline: Baseline | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { documents, diagnostics } = readDocuments(source);
  const [document] = documents;
  if (diagnostics.some((d) => d.severity === 'error')) return { baseline: null, diagnostics };
  const parsed = schema.safeParse(document?.value);
  if (parsed.success) return { baseline: { document: parsed.data, name: source.name }, diagnostics };
  const path = (parsed.error.issues[0]?.path ?? []) as readonly (string | number)[];
  const span = document?.spanOf(path) ?? { file: source.name, start: 0, end: 0 };
  const help = 'write it anew with `bulkhead lint --write-baseline`';
  return {
    baseline: null,
    diagnostics: [error('lint/invalid-baseline', `\`${source.name}\` is no baseline`, span, { help })],
  };
}

interface Placing {
  readonly sources: Sources;
  readonly at: Instant;
  readonly folder: string;
}

/** Findings that the baseline does not know, and those that it does. */
export function takeBaselined(
  findings: readonly LintFinding[],
  baseline: Baseline | null,
  placing: Placing,
): { readonly fresh: readonly LintFinding[]; readonly known: readonly LintFinding[] } {
  if (baseline === null) return { fresh: findings, known: [] };
  const { document, name } = baseline;
  const place = { file: name, start: 0, end: 0 };
  if (placing.at >= (parseEnd(document.until) as Instant)) {
    const message = `the baseline \`${name}\` ended with ${document.until}: what it lists is shown again`;
    const help = 'mend what is left, or write it anew with `bulkhead lint --write-baseline`';
    return { fresh: [...findings, makeFinding('lint/expired-baseline', message, place, { help })], known: [] };
  }
  const listed = new Set(document.findings.map((entry) => entry.fingerprint));
  const prints = fingerprintsOf(findings, placing);
  const known = findings.filter((finding) => listed.has(prints.get(finding) ?? ''));
  const fresh = findings.filter((finding) => !known.includes(finding));
  const met = new Set(known.map((finding) => prints.get(finding)));
  const gone = document.findings.filter((entry) => !met.has(entry.fingerprint)).length;
  if (gone === 0) return { fresh, known };
  const message = `the baseline lists ${plural(gone, 'finding')} that ${gone === 1 ? 'is' : 'are'} not there any more`;
  const help = 'write it anew with `bulkhead lint --write-baseline`';
  return { fresh: [...fresh, makeFinding('lint/stale-baseline', message, place, { help })], known };
}

/** The baseline of these findings. Errors are never in one. */
export function makeBaseline(findings: readonly LintFinding[], until: string, placing: Placing): BaselineDocument {
  const prints = fingerprintsOf(findings, placing);
  const entries = findings
    .filter(({ diagnostic }) => diagnostic.severity !== 'error')
    .map((finding) => ({
      fingerprint: prints.get(finding) ?? '',
      code: finding.diagnostic.code,
      file: finding.diagnostic.span?.file ?? null,
      message: finding.diagnostic.message,
    }));
  return { format: BASELINE_FORMAT, until, findings: entries };
}

function fingerprintsOf(findings: readonly LintFinding[], { sources, at, folder }: Placing): Map<LintFinding, string> {
  const located = findings.map(({ diagnostic }) => {
    // One by one, so that none is left out as another's double.
    const step = makeCheckStep({ layers: [], files: 0, findings: [diagnostic] }, { strict: false });
    const options = { sources, at: formatInstant(at), folder, version: '' };
    return locateFindings(makeReport(at, [step]), options)[0];
  });
  const prints = fingerprint(located.flatMap((item) => item ?? []));
  return new Map(findings.map((finding, i) => [finding, prints[i] ?? '']));
}

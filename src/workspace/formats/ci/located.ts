// The findings of a report with their places as other tools want them: paths from the root of the repository, whatever
// folder the command ran in. Rendering them is left to the formats.
import { posix } from 'node:path';
import type { CiReport, CiStep } from '../../../analyze/ci/report.ts';
import { type DiagnosticJson, toJson } from '../../../text/diagnostic-json.ts';
import { lineText, type Source } from '../../../text/source.ts';
import type { Sources } from '../place.ts';

/** What a format needs beside the report. */
export interface ReportOptions {
  readonly sources: Sources;
  /** The instant judged, as it is echoed. */
  readonly at: string;
  /** The folder that names of files are relative to, from the root of the repository; '' for the root itself. */
  readonly folder: string;
  /** Of this program. */
  readonly version: string;
}

export interface Located {
  readonly step: CiStep['name'];
  readonly finding: DiagnosticJson;
  /** From the root of the repository; null: there is no file to point at. */
  readonly path: string | null;
  /** The text of the line, blanks around it taken off; '' where it is not at hand. */
  readonly text: string;
}

/** Every finding, in the order of the steps; one that two steps make is there once. */
export function locateFindings(report: CiReport, { sources, folder }: ReportOptions): readonly Located[] {
  const seen = new Set<string>();
  return report.steps.flatMap((step) =>
    step.findings.flatMap((diagnostic) => {
      const finding = toJson(diagnostic, sources);
      const key = JSON.stringify([finding.code, finding.file, finding.line, finding.column, finding.message]);
      if (seen.has(key)) return [];
      seen.add(key);
      const path = finding.file === null ? null : fromRepository(finding.file, folder);
      return [{ step: step.name, finding, path, text: lineOf(sources.get(finding.file ?? ''), finding.line) }];
    }),
  );
}

/** `../bulkhead.yaml` seen from `policies` is `bulkhead.yaml`; a path that is absolute stays. */
export function fromRepository(name: string, folder: string): string {
  return posix.isAbsolute(name) ? name : posix.normalize(posix.join(folder, name));
}

function lineOf(source: Source | undefined, line: number | null): string {
  return source === undefined || line === null ? '' : lineText(source, line).trim();
}

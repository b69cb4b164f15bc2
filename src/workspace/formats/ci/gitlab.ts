// A report as GitLab's code quality artifact: one entry a finding (docs.gitlab.com, "Code Quality": description,
// check_name, fingerprint, severity, location). What has no file stands at the root of the repository: an entry without
// a place is not shown at all.
import type { CiReport } from '../../../analyze/ci/report.ts';
import type { Severity } from '../../../text/diagnostic.ts';
import { fingerprint } from './fingerprint.ts';
import { locateFindings, type ReportOptions } from './located.ts';

const SEVERITIES: Readonly<Record<Severity, 'major' | 'minor' | 'info'>> = {
  error: 'major',
  warning: 'minor',
  note: 'info',
};

export function renderGitlab(report: CiReport, options: ReportOptions): string {
  const findings = locateFindings(report, options);
  const fingerprints = fingerprint(findings);
  const entries = findings.map(({ finding, path }, i) => ({
    description: finding.message,
    check_name: finding.code,
    fingerprint: fingerprints[i],
    severity: SEVERITIES[finding.severity],
    location: { path: path ?? '.', lines: { begin: finding.line ?? 1 } },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

// The formats that a report can be written in, by name.
import type { CiReport } from '../../../analyze/ci/report.ts';
import { makeCiDocument } from './document.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderJunit } from './junit.ts';
import type { ReportOptions } from './located.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';

export type ReportFormat = 'json' | 'sarif' | 'junit' | 'github' | 'gitlab' | 'md';

const RENDERERS: Readonly<Record<ReportFormat, (report: CiReport, options: ReportOptions) => string>> = {
  json: (report, options) => `${JSON.stringify(makeCiDocument(report, options), null, 2)}\n`,
  sarif: renderSarif,
  junit: renderJunit,
  github: renderGithub,
  gitlab: renderGitlab,
  md: renderMarkdown,
};

/** The whole document, ending in a line end. */
export function renderReport(format: ReportFormat, report: CiReport, options: ReportOptions): string {
  return RENDERERS[format](report, options);
}

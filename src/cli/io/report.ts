// Writes a report in the formats of pipelines: the one asked for as the answer, others to files of their own.
import { resolve } from 'node:path';
import type { CiReport } from '../../analyze/ci/report.ts';
import { formatInstant } from '../../model/time.ts';
import { error } from '../../text/diagnostic.ts';
import { describeFailure, displayName } from '../../workspace/files.ts';
import type { ReportOptions } from '../../workspace/formats/ci/located.ts';
import { type ReportFormat, renderReport } from '../../workspace/formats/ci/render.ts';
import { folderInRepository } from '../../workspace/repository.ts';
import { REPORT_FORMATS } from '../surface/pipeline-commands.ts';
import { type Context, type ExitCode, emit, fail, type Sources } from './context.ts';
import { fileOutput } from './output.ts';
import { invalidChoice, usage } from './refusal.ts';
import { VERSION } from './version.ts';

/** A file that a report goes to beside the answer. */
export interface ReportFile {
  readonly format: ReportFormat;
  readonly path: string;
}

/** 0 for what passed, 1 for findings, 2 where something could not be read. */
export function exitOf({ outcome }: CiReport): 0 | 1 | 2 {
  return outcome === 'passed' ? 0 : outcome === 'failed' ? 1 : 2;
}

export function isReportFormat(format: string): format is ReportFormat {
  return REPORT_FORMATS.some((known) => known === format);
}

/** The files of `--report FORMAT=PATH`, or what is wrong with them. */
export function parseReportFiles(context: Context, given: unknown) {
  const files: ReportFile[] = [];
  for (const text of Array.isArray(given) ? (given as readonly string[]) : []) {
    const [, format = '', path = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (path === '') {
      const help = `write \`--report FORMAT=PATH\`, such as \`--report junit=bulkhead.xml\``;
      return { files, problem: usage('usage/invalid-value', `\`--report\` does not take \`${text}\``, help) };
    }
    if (!isReportFormat(format)) return { files, problem: invalidChoice('`--report`', format, REPORT_FORMATS) };
    files.push({ format, path: resolve(context.cwd, path) });
  }
  return { files, problem: null };
}

/** Writes the report as the answer. */
export function emitReport(context: Context, format: ReportFormat, report: CiReport, sources: Sources): Promise<0 | 2> {
  return emit(context, [renderReport(format, report, optionsOf(context, sources))]);
}

/** Writes the report to the files, each whole or not at all; 2 at the first that cannot be written. */
export async function writeReportFiles(
  context: Context,
  files: readonly ReportFile[],
  report: CiReport,
  sources: Sources,
): Promise<ExitCode> {
  for (const { format, path } of files) {
    try {
      const output = fileOutput(path);
      await output.write(renderReport(format, report, optionsOf(context, sources)));
      await output.commit();
    } catch (reason) {
      const message = `\`${displayName(path, context.cwd)}\` cannot be written: ${describeFailure(reason)}`;
      return fail(context, [error('workspace/cannot-write', message, null)]);
    }
  }
  return 0;
}

function optionsOf(context: Context, sources: Sources): ReportOptions {
  return { sources, at: formatInstant(context.at), folder: folderInRepository(context.cwd), version: VERSION };
}

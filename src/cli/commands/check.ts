// `bulkhead check`: everything that can be said about policies and inventories without a question. The findings are the
// answer, so they go to standard output.
import { makeCheckStep, makeReport } from '../../analyze/ci/report.ts';
import { formatInstant } from '../../model/time.ts';
import { hasErrors, sortDiagnostics } from '../../text/diagnostic.ts';
import { makeCheckDocument, summariseLayer } from '../../workspace/formats/check.ts';
import { type Context, type ExitCode, emit, emitJson, render, selectShown } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { compile, openWorkspace } from '../io/open.ts';
import { emitReport, isReportFormat } from '../io/report.ts';
import { makePaint } from '../text/paint.ts';
import { listWords, plural } from '../text/words.ts';

/** Judges the layers; 1 on errors, with --strict on warnings too; 2 where something could not even be read. */
export async function run(context: Context, paths: readonly string[], _values: GlobalValues): Promise<ExitCode> {
  const workspace = openWorkspace(context, paths);
  const { layers, sources } = workspace;
  // With errors in single layers there is nothing sound to take together.
  const diagnostics = sortDiagnostics(
    hasErrors(workspace.diagnostics) ? workspace.diagnostics : compile(context, workspace).diagnostics,
  );
  const count = (severity: 'error' | 'warning' | 'note'): number =>
    diagnostics.filter((d) => d.severity === severity).length;
  const unreadable = diagnostics.some((d) => d.severity === 'error' && /^(workspace|config)\//.test(d.code));
  const isFound = count('error') > 0 || (context.strict && count('warning') > 0);
  const exit: ExitCode = unreadable ? 2 : isFound ? 1 : 0;

  if (context.format === 'json') {
    const at = formatInstant(context.at);
    return worst(
      exit,
      await emitJson(context, makeCheckDocument(layers, diagnostics, selectShown(diagnostics), sources, at)),
    );
  }
  if (isReportFormat(context.format)) {
    const judged = { layers, files: sources.size, findings: diagnostics };
    const report = makeReport(context.at, [makeCheckStep(judged, { strict: context.strict })]);
    return worst(exit, await emitReport(context, context.format, report, sources));
  }
  const color = context.outPath === null && context.terminal.colorOut;
  const paint = makePaint(color);
  const findings = render(context, diagnostics, sources, color);
  const totals = layers.map(summariseLayer);
  const sum = (of: (layer: (typeof totals)[number]) => number): number => totals.reduce((n, layer) => n + of(layer), 0);
  const found = (['error', 'warning', 'note'] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => plural(count(severity), severity));
  const verdict =
    found.length === 0 ? paint.green('no findings') : isFound ? paint.red(listWords(found)) : listWords(found);
  const size = [
    plural(sources.size, 'file'),
    plural(layers.length, 'layer'),
    plural(
      sum((l) => l.rules),
      'rule',
    ),
    plural(
      sum((l) => l.groups),
      'group',
    ),
    plural(
      sum((l) => l.workloads),
      'workload',
    ),
  ];
  const summary = layers.length === 0 ? verdict : `${verdict} in ${listWords(size)}`;
  return worst(exit, await emit(context, [findings, findings === '' ? '' : '\n', `${summary}\n`]));
}

function worst(a: ExitCode, b: 0 | 2): ExitCode {
  return b === 0 ? a : b;
}

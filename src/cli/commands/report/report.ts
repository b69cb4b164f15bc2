// `bulkhead report`: a page about policies for those who answer for them, as HTML, Markdown or JSON.
import { makePolicyReport } from '../../../analyze/report/report.ts';
import { buildGraph } from '../../../engine/graph.ts';
import { hasErrors } from '../../../text/diagnostic.ts';
import { makeReportDocument } from '../../../workspace/formats/report/document.ts';
import { renderReportHtml } from '../../../workspace/formats/report/html.ts';
import { drawMaps, drawMermaid } from '../../../workspace/formats/report/maps.ts';
import { renderReportMarkdown } from '../../../workspace/formats/report/markdown.ts';
import { makePage } from '../../../workspace/formats/report/sections.ts';
import { findBaseline } from '../../../workspace/lint/find-baseline.ts';
import { runLint } from '../../../workspace/lint/run-lint.ts';
import { folderInRepository } from '../../../workspace/repository.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { loadLayout } from '../../io/graphviz.ts';
import { answerFrom } from '../../io/open.ts';
import { makeRangeNames } from '../../text/range-names.ts';
import { readUntil } from '../change/expiring.ts';

/** Ends with 0 whatever the page says; failed tests are a part of it. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const until = readUntil(context, values.until);
  if (typeof until !== 'number') return fail(context, [until]);
  const found = findBaseline(context.cwd, null);
  if (hasErrors(found.diagnostics)) return fail(context, found.diagnostics, found.sources);
  return answerFrom(context, paths, async ({ workspace, snapshot, diagnostics }) => {
    const lint = runLint(workspace, snapshot, diagnostics, {
      baseline: found.baseline,
      folder: folderInRepository(context.cwd),
      onCheck: (code) => progress(context, code),
    });
    const report = makePolicyReport(snapshot, {
      lint,
      until,
      wantsMutation: values.mutation !== false,
      onStage: (stage) => progress(context, stage),
    });
    const document = makeReportDocument(report, {
      sources: new Map([...workspace.sources, ...found.sources]),
      nameRanges: makeRangeNames(snapshot.evaluator),
    });
    if (context.format === 'json') return emitJson(context, document);
    const page = makePage(document);
    const graph = buildGraph(snapshot);
    if (context.format === 'md') return emit(context, [renderReportMarkdown(page, drawMermaid(graph))]);
    const layout = await loadLayout();
    progress(context, 'drawing');
    return emit(context, [renderReportHtml(page, drawMaps(graph, layout))]);
  });
}

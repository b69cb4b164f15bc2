// `bulkhead graph`: segments with their workloads, groups with their members, and the rules between them.
import { buildGraph } from '../../engine/graph.ts';
import { renderDot } from '../../exporters/graph/dot.ts';
import { makeGraphDocument } from '../../exporters/graph/json.ts';
import { renderMermaid } from '../../exporters/graph/mermaid.ts';
import { renderSvg } from '../../exporters/graph/svg.ts';
import { renderGraphText } from '../../exporters/graph/text.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { loadLayout } from '../io/graphviz.ts';
import { answerFrom } from '../io/open.ts';
import { usage } from '../io/refusal.ts';

/** Writes the graph in the format asked for. */
export function run(context: Context, paths: readonly string[], _values: GlobalValues): Promise<ExitCode> {
  return answerFrom(context, paths, async ({ snapshot }) => {
    const graph = buildGraph(snapshot);
    switch (context.format) {
      case 'json':
        return emitJson(context, makeGraphDocument(graph));
      case 'dot':
        return emit(context, [renderDot(graph)]);
      case 'mermaid':
        return emit(context, [renderMermaid(graph)]);
      case 'svg': {
        const layout = await loadLayout();
        if (layout === null) return fail(context, [missingGraphviz]);
        progress(context, 'drawing');
        return emit(context, [renderSvg(graph, layout)]);
      }
      default:
        return emit(context, [renderGraphText(graph)]);
    }
  });
}

const missingGraphviz = usage(
  'usage/missing-package',
  'SVG needs the package `@hpcc-js/wasm-graphviz`, which is not installed',
  'install it with `npm install @hpcc-js/wasm-graphviz`, or draw it with a Graphviz of your own:\n' +
    '`bulkhead graph -f dot | dot -Tsvg`',
);

// The pictures of a report: groups with the rules between them, and the network. Each is drawn by itself, because both
// together are too large to be read on a page.
import { darkStyle } from '../../../exporters/graph/dark.ts';
import { renderMermaid } from '../../../exporters/graph/mermaid.ts';
import type { Part } from '../../../exporters/graph/picture.ts';
import { type Layout, renderSvg } from '../../../exporters/graph/svg.ts';
import type { PolicyGraph } from '../../../model/graph.ts';
import { plural } from '../../../text/words.ts';
import type { PageMap, PageMaps } from './html.ts';

/** Nobody reads more on a page, and laying it out takes long. */
const MOST_EDGES = 600;
const MOST_BOXES = 400;
/** What GitHub draws. */
const MOST_MERMAID = 48_000;

const PARTS: readonly (readonly [Part, string, string])[] = [
  ['policy', 'Groups and rules', 'An arrow is a rule: green allows, red denies, olive passes to a later tier.'],
  ['network', 'Segments and workloads', 'Sites, the segments in them, and the routers that join these.'],
];

/** `layout` null: there is none at hand. */
export function drawMaps(graph: PolicyGraph, layout: Layout | null): PageMaps {
  const reason = layout === null ? 'Not drawn: the package `@hpcc-js/wasm-graphviz` is not installed' : tooLarge(graph);
  if (layout === null || reason !== null) return { maps: [], darkStyle: '', reason };
  const maps = PARTS.flatMap(([part, title, caption]): readonly PageMap[] => {
    if (!hasPart(graph, part)) return [];
    const svg = renderSvg(graph, layout, part);
    return [{ title, caption, svg: embed(svg, title), width: widthOf(svg) }];
  });
  const all = maps.map(({ svg }) => svg).join('');
  return {
    maps,
    darkStyle: darkStyle(all, '.map'),
    reason: maps.length === 0 ? 'There is nothing to draw' : null,
  };
}

/** The chart of groups and rules as Mermaid, or why there is none. */
export function drawMermaid(graph: PolicyGraph): { readonly mermaid: string } | { readonly reason: string } {
  const reason = tooLarge(graph);
  if (reason !== null) return { reason };
  if (!hasPart(graph, 'policy')) return { reason: 'There is nothing to draw' };
  const mermaid = renderMermaid(graph, 'policy');
  return mermaid.length > MOST_MERMAID ? { reason: tooMuch } : { mermaid };
}

const tooMuch = 'Not drawn: it would be too large to be read. `bulkhead graph -f svg` draws it';

function tooLarge({ nodes, edges }: PolicyGraph): string | null {
  const rules = edges.filter(({ kind }) => kind === 'rule').length;
  const boxes = nodes.filter(({ kind }) => kind === 'group' || kind === 'segment').length;
  if (rules <= MOST_EDGES && boxes <= MOST_BOXES) return null;
  return `Not drawn: ${plural(boxes, 'box', 'boxes')} and ${plural(rules, 'arrow')} could not be read. \`bulkhead graph -f svg\` draws them`;
}

function hasPart({ nodes, edges }: PolicyGraph, part: Part): boolean {
  return part === 'policy'
    ? edges.some(({ kind }) => kind === 'rule')
    : nodes.some(({ kind }) => kind === 'segment' || kind === 'router' || kind === 'workload');
}

/** Without what only a file of its own needs; two drawings on a page must not share ids. */
function embed(svg: string, title: string): string {
  return svg
    .replace(/^<\?xml[^>]*\?>\s*/, '')
    .replaceAll(/ id="[^"]*"/g, '')
    .replaceAll(/ xml:space="preserve"/g, '')
    .replace(/<svg [^>]*?(viewBox="[^"]*")[^>]*>/, `<svg role="img" aria-label="${title}" $1>`)
    .replaceAll(/<a xlink:title="([^"]*)">/g, '<a><title>$1</title>');
}

function widthOf(svg: string): number {
  return Number(/<svg width="([\d.]+)pt"/.exec(svg)?.[1] ?? '1000');
}

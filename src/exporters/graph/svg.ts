// Turns the picture into SVG. Graphviz lays it out; it is a package that not everybody installs, so whoever calls
// brings it. What comes out has no scripts, no references to elsewhere, and a title for those who cannot see it.
import type { PolicyGraph } from '../../model/graph.ts';
import { BOLD, FONT, renderDot } from './dot.ts';
import type { Part } from './picture.ts';

/** Turns DOT into SVG. */
export type Layout = (dot: string) => string;

const FAMILY = 'font-family="Helvetica, Arial, Liberation Sans, sans-serif"';

/** A complete SVG document. */
export function renderSvg(graph: PolicyGraph, layout: Layout, part: Part = 'all'): string {
  const svg = layout(renderDot(graph, part));
  const start = svg.indexOf('<svg');
  const body = svg
    .slice(start)
    // The title of the whole, which browsers show as a tooltip over everything.
    .replace('<title>bulkhead</title>', '<title>Segments, groups and rules</title>')
    .replaceAll(`font-family="${FONT},sans-Serif"`, FAMILY)
    .replaceAll(`font-family="${BOLD},sans-Serif"`, `${FAMILY} font-weight="bold"`)
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    // Graphviz writes hyphens so that they could stand in a comment; names are easier to find as they are.
    .replaceAll('&#45;', '-')
    .trimEnd();
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
}

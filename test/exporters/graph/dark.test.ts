// A drawing on a dark ground: every color has a rule, text can be read on what it stands on, and colors stay apart.
import { describe, expect, it } from 'vitest';
import { darkStyle } from '../../../src/exporters/graph/dark.ts';
import { renderDot } from '../../../src/exporters/graph/dot.ts';
import type { GraphNode } from '../../../src/model/graph.ts';
import { contrast } from '../../kit/contrast.ts';

/** The colors of DOT as they come out in SVG. */
const groups = Array.from(
  { length: 60 },
  (_, index): GraphNode => ({
    kind: 'group',
    key: `group:g${index}`,
    id: `g${index}`,
    layer: 'l',
    addresses: [],
  }),
);
const fills = [...new Set(renderDot({ nodes: groups, edges: [] }).match(/(?<=BGCOLOR=")#[0-9a-f]{6}/g))];
const INKS = ['#1f2933', '#5f6c7b', '#2f7d4f', '#b3261e', '#7a6a1f'];

function rulesFor(colors: readonly string[]): ReadonlyMap<string, string> {
  const rules = darkStyle(colors.map((color) => `<polygon fill="${color}"/>`).join(''), '.map');
  return new Map(
    [...rules.matchAll(/^\.map \[fill="([^"]+)"\] \{ fill: (#[0-9a-f]{6}); \}$/gm)].map(([, from = '', to = '']) => [
      from,
      to,
    ]),
  );
}

describe('a drawing on a dark ground', () => {
  const dark = rulesFor(['white', 'black', ...INKS, ...fills]);
  const of = (color: string): string => dark.get(color) ?? '';

  it('has a rule for every color', () => {
    expect(fills.length).toBeGreaterThan(40);
    expect(dark.size).toBe(2 + INKS.length + fills.length);
  });

  it('can be read: text on the ground', () => {
    for (const ink of INKS) expect([ink, contrast(of(ink), of('white')) > 4.5]).toEqual([ink, true]);
  });

  it('can be read: titles on the colors of their groups', () => {
    for (const fill of fills) {
      expect([fill, contrast(of('#1f2933'), of(fill)) > 4.5]).toEqual([fill, true]);
      // Addresses below the title are no worse than on a light ground.
      expect([fill, contrast(of('#5f6c7b'), of(fill)) >= Math.min(3, contrast('#5f6c7b', fill))]).toEqual([fill, true]);
    }
  });

  it('keeps different colors different', () => {
    expect(new Set(fills.map(of)).size).toBe(fills.length);
  });

  it('speaks of fills and strokes, and of nothing inside the scope that is no color', () => {
    expect(darkStyle('<path fill="none" stroke="#9aa5b1"/><text fill="url(#x)">fill="#000000</text>', '.a')).toMatch(
      /^\.a \[stroke="#9aa5b1"\] \{ stroke: #[0-9a-f]{6}; \}$/,
    );
    expect(darkStyle('', '.a')).toBe('');
  });
});

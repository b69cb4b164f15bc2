// Order by dependency: each after what it needs, cycles shown, no depth too deep.

import { describe, expect, it } from 'vitest';
import { orderByDependency } from '../../src/base/dependency-order.ts';

function orderOf(edges: Readonly<Record<string, readonly string[]>>) {
  return orderByDependency(Object.keys(edges), (node) => edges[node] ?? []);
}

describe('orderByDependency', () => {
  it('puts each node after those it depends on', () => {
    const { order, cycles } = orderOf({ a: ['b', 'c'], b: ['c'], c: [], d: ['a'] });
    expect(cycles).toEqual([]);
    expect(order).toEqual(['c', 'b', 'a', 'd']);
  });

  it('ignores what is not among the nodes', () => {
    expect(orderOf({ a: ['x'] })).toEqual({ order: ['a'], cycles: [] });
  });

  it('shows a shortest cycle for each knot, from the node given first', () => {
    const { cycles } = orderOf({ x: ['c'], a: ['b'], b: ['c'], c: ['d', 'b'], d: ['a'], e: ['e'], f: ['a', 'e'] });
    expect(cycles.map((cycle) => cycle.path)).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  it('names every member of a knot, not only those of the cycle that it shows', () => {
    const { cycles } = orderOf({ a: ['b', 'c'], b: ['a'], c: ['a'] });
    expect(cycles.map((cycle) => [cycle.path, [...cycle.members].sort()])).toEqual([
      [
        ['a', 'b'],
        ['a', 'b', 'c'],
      ],
    ]);
  });

  it('orders a chain of 100,000 and finds a cycle as long', () => {
    const length = 100_000;
    const nodes = Array.from({ length }, (_, i) => i);
    const chain = orderByDependency(nodes, (i) => [i + 1]);
    expect(chain.order[0]).toBe(length - 1);
    expect(orderByDependency(nodes, (i) => [(i + 1) % length]).cycles[0]?.path.length).toBe(length);
  });
});

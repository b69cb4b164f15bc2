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
    const { cycles } = orderOf({ a: ['b'], b: ['c'], c: ['d', 'b'], d: ['a'], e: ['e'], f: ['a', 'e'] });
    expect(cycles).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  it('orders a chain of 200,000 and finds a cycle as long', () => {
    const length = 200_000;
    const nodes = Array.from({ length }, (_, i) => i);
    const chain = orderByDependency(nodes, (i) => [i + 1]);
    expect(chain.order[0]).toBe(length - 1);
    expect(orderByDependency(nodes, (i) => [(i + 1) % length]).cycles[0]?.length).toBe(length);
  });
});

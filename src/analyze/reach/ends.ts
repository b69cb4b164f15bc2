// Groups nodes by what their hops depend on: as sources by class, as destinations by class and meaning of the services.
// Addresses outside are kept apart from machines, because no chain goes from outside to outside.
import { remember } from '../../base/remember.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Family } from '../../net/address.ts';
import type { Places } from './places.ts';
import type { Traffic } from './traffic.ts';

/** Nodes that no hop tells apart. */
export interface Bundle {
  readonly index: number;
  /** The class in its role. */
  readonly class: number;
  readonly family: Family;
  readonly isExternal: boolean;
  /** The meaning of the services, for a destination; 0 for a source. */
  readonly variant: number;
  readonly nodes: readonly number[];
}

export interface Bundles {
  readonly all: readonly Bundle[];
  /** The bundle of each node; -1: it takes no part. */
  readonly of: Int32Array;
}

export function sourceBundles(evaluator: Evaluator, places: Places): Bundles {
  return bundle(evaluator, places, 'source', () => 0);
}

export function destinationBundles(evaluator: Evaluator, places: Places, traffic: Traffic): Bundles {
  return bundle(evaluator, places, 'destination', traffic.variantOf);
}

function bundle(
  { universe, lookup }: Evaluator,
  places: Places,
  role: 'source' | 'destination',
  variantOf: (node: number) => number,
): Bundles {
  const classes = lookup[role].of;
  const of = new Int32Array(classes.length).fill(-1);
  const all: (Bundle & { readonly nodes: number[] })[] = [];
  const known = new Map<string, Bundle & { readonly nodes: number[] }>();
  for (const [node, { family, kind }] of universe.nodes.entries()) {
    const variant = variantOf(node);
    if (places.of[node] === -1 || variant === -1) continue;
    const own = classes[node] as number;
    const isExternal = kind === 'external';
    const found = remember(known, `${own} ${isExternal} ${variant}`, () => {
      const made = { index: all.length, class: own, family, isExternal, variant, nodes: [] };
      all.push(made);
      return made;
    });
    found.nodes.push(node);
    of[node] = found.index;
  }
  return { all, of };
}

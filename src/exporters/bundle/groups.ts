// The groups that the rules of a point need, and of each only what they need: members here where it stands at this end of
// a rule, addresses of the families in question where it stands at the other.

import { hasBit } from '../../base/bitset.ts';
import { compareText } from '../../base/order.ts';
import type { TriSet } from '../../base/tri-set.ts';
import type { Universe } from '../../graph/universe.ts';
import type { Family } from '../../net/address.ts';
import { type AddressSet, NO_ADDRESSES } from '../../net/address-set.ts';
import type { BundleGroup } from './content.ts';
import { listed, ofFamily, type Place, textsOf } from './places.ts';
import type { SeenAddresses } from './seen-addresses.ts';

export interface Needed {
  /** The group stands at this end. Its name must mean the same set each time. */
  readonly here: (id: string, set: TriSet) => void;
  /** The group stands at the other end of flows of these nodes, of one family where the rule has one. */
  readonly away: (id: string, set: TriSet, nodes: readonly number[], family: Family | null) => void;
  readonly familyOf: (node: number) => Family | null;
  /** Everything that was asked for, by id and space. */
  readonly groups: () => readonly BundleGroup[];
}

interface Need {
  readonly set: TriSet;
  isHere: boolean;
  readonly families: Set<Family>;
}

export function neededGroups(universe: Universe, seen: SeenAddresses, places: readonly Place[]): Needed {
  const needs = new Map<string, Need>();
  const spaces = spacesOf(places);
  const need = (id: string, set: TriSet): Need => {
    const known = needs.get(id) ?? { set, isHere: false, families: new Set() };
    needs.set(id, known);
    return known;
  };
  const familyOf = (node: number): Family | null => universe.nodes[node]?.family ?? null;

  function groupOf(id: string, { set, isHere, families }: Need): readonly BundleGroup[] {
    const members = isHere ? places.filter(({ node }) => hasBit(set.possible, node)) : [];
    const idsWhere = (isSure: boolean): readonly string[] =>
      members
        .filter(({ node }) => hasBit(set.sure, node) === isSure)
        .map(({ place }) => place.id)
        .sort(compareText);
    const own = { ...listed('here', idsWhere(true)), ...listed('hereMaybe', idsWhere(false)) };
    const [first, ...others] = spaces.map((space) => ({ space, ...awayIn(set, families, space) }));
    if (families.size === 0 || first === undefined) return [{ id, ...own }];
    const { space: _, ...plain } = first;
    // What looks the same from everywhere is said once.
    const differing = others.filter(({ space: __, ...rest }) => JSON.stringify(rest) !== JSON.stringify(plain));
    return [
      { id, ...plain, ...own },
      ...differing.map(({ space, ...rest }) => ({ id, space: space ?? '', ...rest, ...own })),
    ];
  }

  function awayIn(set: TriSet, families: ReadonlySet<Family>, space: string | null): Partial<BundleGroup> {
    const { sure, maybe, unresolved } = seen.of(set, space);
    const hidden = [...families].reduce((sum, family) => sum + unresolved[family], 0);
    return {
      ...listed('addresses', textsOf(onlyOf(sure, families))),
      ...listed('maybe', textsOf(onlyOf(maybe, families))),
      ...(hidden === 0 ? {} : { unresolved: hidden }),
    };
  }

  return {
    familyOf,
    here(id, set) {
      need(id, set).isHere = true;
    },
    away(id, set, nodes, family) {
      const { families } = need(id, set);
      for (const node of nodes) {
        const own = familyOf(node);
        if (own !== null && (family === null || own === family)) families.add(own);
      }
    },
    groups: () =>
      [...needs]
        .flatMap(([id, item]) => groupOf(id, item))
        .sort((a, b) => compareText(a.id, b.id) || compareText(a.space ?? '', b.space ?? '')),
  };
}

/** The address spaces of the places, the one without a name first. */
function spacesOf(places: readonly Place[]): readonly (string | null)[] {
  return [...new Set(places.map(({ space }) => space))].sort((a, b) => compareText(a ?? '', b ?? ''));
}

function onlyOf(set: AddressSet, families: ReadonlySet<Family>): AddressSet {
  if (families.size === 2) return set;
  for (const family of families) return ofFamily(set, family);
  return NO_ADDRESSES;
}

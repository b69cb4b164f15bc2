// Segments and gateways of a dump → segments and routers of the world, with the names that everything else refers to.
// Where their interfaces are and whether packets get through is the simulator's.

import type { Labels } from '../../../model/workload.ts';
import type { Router, Segment, Subnet } from '../../../model/world.ts';
import { quote } from '../../../net/address.ts';
import { parseInterfaceAddress } from '../../../net/address-set.ts';
import { type Collected, type Located, withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { uniqueNames } from '../read/names.ts';
import {
  fieldOf,
  keySpanOf,
  numberAt,
  type RecordNode,
  recordsAt,
  spanOf,
  textAt,
  textNodeAt,
  textsAt,
} from '../read/node.ts';
import type { Problems } from '../read/problems.ts';
import { readTags } from './tags.ts';

export interface NamedSegment {
  readonly id: string;
  readonly display: string;
  readonly tags: Labels;
}

export interface Topology {
  readonly segments: readonly Segment[];
  readonly routers: readonly Router[];
  readonly segmentByPath: ReadonlyMap<string, NamedSegment>;
}

export function readTopology(problems: Problems, collected: Collected): Topology {
  const tier0s = withoutDuplicates(problems, 'tier-0', collected.tier0s);
  const tier1s = withoutDuplicates(problems, 'tier-1', collected.tier1s);
  const routerNames = uniqueNames([...tier0s, ...tier1s], 'router');
  const routerByPath = new Map([...tier0s, ...tier1s].map((router, i) => [router.path, routerNames[i] as string]));
  const routers = [
    ...tier0s.map((tier0): Router => {
      checkFields(problems, tier0.node, 'Tier0');
      return {
        ...namedRouter(routerByPath, tier0),
        kind: 'tier0',
        connects: null,
        advertises: [],
        uplinks: readUplinks(problems, collected, tier0.path),
      };
    }),
    ...tier1s.map((tier1): Router => {
      checkFields(problems, tier1.node, 'Tier1');
      return {
        ...namedRouter(routerByPath, tier1),
        kind: 'tier1',
        connects: readRouterPath(problems, tier1.node, 'tier0_path', routerByPath),
        advertises: (textsAt(problems, tier1.node, 'route_advertisement_types') ?? []).map(({ value }) =>
          advertised(value),
        ),
        uplinks: [],
      };
    }),
  ];
  const located = withoutDuplicates(problems, 'segment', collected.segments);
  const names = uniqueNames(located, 'segment');
  const segmentByPath = new Map<string, NamedSegment>();
  const segments = located.map(({ node, path, display }, i): Segment => {
    checkFields(problems, node, 'Segment');
    const id = names[i] as string;
    const tags = readTags(problems, node);
    segmentByPath.set(path, { id, display: display ?? id, tags });
    return {
      id,
      vni: numberAt(problems, node, 'overlay_id') ?? numberAt(problems, node, 'vni'),
      vlan: readVlan(problems, node),
      subnets: recordsAt(problems, node, 'subnets').flatMap((subnet) => readSubnet(problems, subnet) ?? []),
      sites: [],
      router: readRouterPath(problems, node, 'connectivity_path', routerByPath),
      space: null,
      labels: tags,
      span: spanOf(node),
    };
  });
  return { segments, routers, segmentByPath };
}

function namedRouter(
  names: ReadonlyMap<string, string>,
  { node, path }: Located,
): Pick<Router, 'id' | 'sites' | 'span'> {
  return { id: names.get(path) as string, sites: [], span: spanOf(node) };
}

function readRouterPath(
  problems: Problems,
  node: RecordNode,
  key: string,
  routers: ReadonlyMap<string, string>,
): string | null {
  const path = textNodeAt(problems, node, key);
  if (path === null || path.value === '') return null;
  const router = routers.get(path.value);
  if (router !== undefined) return router;
  problems.report('warning', 'nsx/unknown-reference', `${quote(path.value)} is not in the dump`, spanOf(path), {
    help: 'the way from here to other networks is not known',
  });
  return null;
}

/** `TIER1_CONNECTED` is `connected`. */
function advertised(type: string): string {
  const word = type.replace(/^TIER1_/, '').toLowerCase();
  return word.startsWith('static') ? 'static' : word.replaceAll('_', '-');
}

/** The one VLAN of a segment; trunks (several, or a range) have none. */
function readVlan(problems: Problems, node: RecordNode): number | null {
  const [first, ...more] = textsAt(problems, node, 'vlan_ids') ?? [];
  return first !== undefined && more.length === 0 && /^[0-9]{1,4}$/.test(first.value) ? Number(first.value) : null;
}

function readSubnet(problems: Problems, node: RecordNode): Subnet | null {
  checkFields(problems, node, 'SegmentSubnet');
  const gateway = textNodeAt(problems, node, 'gateway_address');
  if (gateway === null) {
    problems.report('warning', 'nsx/missing-field', 'this subnet has no `gateway_address`', spanOf(node), {
      help: 'it was left out; no flow is judged by it',
    });
    return null;
  }
  const parsed = parseInterfaceAddress(gateway.value);
  if ('problem' in parsed) {
    problems.report('error', 'nsx/invalid-address', parsed.problem, spanOf(gateway), { help: parsed.help ?? null });
    return null;
  }
  return { gateway: parsed.address, prefixLength: parsed.prefixLength, network: parsed.network };
}

function readUplinks(problems: Problems, collected: Collected, path: string): Router['uplinks'] {
  const uplinks: Router['uplinks'][number][] = [];
  for (const { node, ownerPath } of collected.uplinks) {
    if (ownerPath !== path || (textAt(problems, node, 'type') ?? 'EXTERNAL') !== 'EXTERNAL') continue;
    for (const subnet of recordsAt(problems, node, 'subnets')) {
      const prefixLength = numberAt(problems, subnet, 'prefix_len');
      for (const text of textsAt(problems, subnet, 'ip_addresses') ?? []) {
        const parsed = parseInterfaceAddress(`${text.value}/${prefixLength ?? ''}`);
        if ('problem' in parsed) {
          problems.report(
            'error',
            'nsx/invalid-address',
            parsed.problem,
            prefixLength === null ? keySpanOf(fieldOf(node, 'subnets')) : spanOf(text),
          );
        } else uplinks.push({ address: parsed.address, prefixLength: parsed.prefixLength });
      }
    }
  }
  return uplinks;
}

// A fabric from text: policies and world statements, and inventories, as a root would be read.

import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { importInventory } from '../../src/importers/inventory/import-inventory.ts';
import type { EndpointRef } from '../../src/model/question.ts';
import { parseAddress } from '../../src/net/address.ts';
import { type BuiltFabric, buildFabric, type FabricOptions } from '../../src/overlay/fabric/build-fabric.ts';
import type { Fabric } from '../../src/overlay/fabric/fabric.ts';
import { type Walk, type WalkOptions, walk } from '../../src/overlay/walk/walk.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { makeSource } from '../../src/text/source.ts';
import { bindText } from '../bind/bind-text.ts';

export interface Text {
  readonly seg?: string;
  readonly inventory?: string;
}

/** The fabric, which must come without an error in what was written. */
export function fabricOf({ seg = '', inventory = '' }: Text, options: FabricOptions = {}): BuiltFabric {
  const texts =
    inventory === ''
      ? []
      : [importInventory(makeSource('inventory.yaml', `format: bulkhead.inventory/1\n${inventory}`))];
  const root = bindText(seg, { inventories: texts });
  const at = Date.UTC(2026, 10, 21, 12);
  const { snapshot, diagnostics } = buildSnapshot([root.layer], { at });
  const found: readonly Diagnostic[] = [
    ...texts.flatMap((text) => text.diagnostics),
    ...root.diagnostics,
    ...diagnostics,
  ];
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return buildFabric(snapshot.evaluator, options);
}

/** `web-01`, `web-01/eth1`, `host/esx-1` or an address. */
export function endpoint(text: string): EndpointRef {
  const address = parseAddress(text);
  if (!('problem' in address)) return { kind: 'address', address };
  const [id = '', face = null] = text.split('/');
  return id === 'host' ? { kind: 'host', id: face ?? '' } : { kind: 'workload', id, interface: face };
}

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmp6: 58, sctp: 132 };

/** `a -> b tcp/443`. */
export function walkOf(fabric: Fabric, flow: string, options: WalkOptions = {}): Walk {
  const [source = '', , destination = '', service = ''] = flow.split(' ');
  const [protocol = '', a = '0', b] = service.split('/');
  return walk(
    fabric,
    {
      source: endpoint(source),
      destination: endpoint(destination),
      family: null,
      protocol: PROTOCOLS[protocol] ?? Number(protocol),
      a: Number(a),
      b: b === undefined ? null : Number(b),
    },
    options,
  );
}

/** One line a step: what a person would follow with a finger. */
export function linesOf(steps: Walk['steps']): readonly string[] {
  return steps.map(
    ({ stage, component, action, end }) =>
      `${stage} ${component} ${action}${end === null ? '' : ` = ${end.disposition}`}`,
  );
}

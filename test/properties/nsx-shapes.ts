// Writes one dump in each of the shapes that dumps come in, as the files of one manager.
import type { Dump } from '../oracle/naive-nsx.ts';

export const shapes = ['flat', 'resources', 'tree'] as const;
export type Shape = (typeof shapes)[number];

/** Texts of the files, in the order in which they would be given. */
export function writeDump(dump: Dump, shape: Shape): readonly string[] {
  if (shape === 'flat') return [JSON.stringify(dump)];
  const [domain] = dump.domains;
  const { groups, security_policies, ...rest } = domain as Dump['domains'][number];
  if (shape === 'resources') {
    return [JSON.stringify({ ...dump, domains: [{ ...rest, resources: { groups, security_policies } }] }, null, 2)];
  }
  const child = (type: string) => (object: object) => ({
    resource_type: `Child${type}`,
    [type]: { resource_type: type, ...object },
  });
  const tree = {
    resource_type: 'Infra',
    children: [
      ...(dump.services ?? []).map(child('Service')),
      ...(dump.segments ?? []).map(({ segment_ports, ...segment }) =>
        child('Segment')({ ...segment, children: (segment_ports ?? []).map(child('SegmentPort')) }),
      ),
      child('Domain')({
        ...rest,
        children: [
          ...(groups ?? []).map(child('Group')),
          ...(security_policies ?? []).map(({ rules, ...policy }) =>
            child('SecurityPolicy')({ ...policy, children: (rules ?? []).map(child('Rule')) }),
          ),
        ],
      }),
    ],
  };
  const { virtual_machines, virtual_network_interface, exclude_list } = dump;
  return [JSON.stringify({ virtual_machines, virtual_network_interface, exclude_list }), JSON.stringify(tree)];
}

// Short forms for dumps in tests: objects as the API has them, with what a test does not care about left out.
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { type Decision, decide } from '../../../src/evaluate/decide.ts';
import { importNsx, type NsxImport } from '../../../src/importers/nsx/import-nsx.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Rule } from '../../../src/model/policy.ts';
import type { EndpointRef } from '../../../src/model/question.ts';
import { parseAddress } from '../../../src/net/address.ts';
import { makeSource } from '../../../src/text/source.ts';

export const groupPath = (id: string): string => `/infra/domains/default/groups/${id}`;

/** A machine by name; tags are written `scope|tag`. */
export function vm(name: string, tags: readonly string[] = [], more: object = {}): object {
  return {
    external_id: `id-${name}`,
    display_name: name,
    tags: tags.map((tag) => {
      const [scope, value] = tag.split('|');
      return value === undefined ? { tag: scope } : { scope, tag: value };
    }),
    ...more,
  };
}

export function vif(owner: string, addresses: readonly string[], more: object = {}): object {
  return {
    external_id: `vif-${owner}`,
    owner_vm_id: `id-${owner}`,
    device_name: 'Network adapter 1',
    ip_address_info: [{ source: 'VM_TOOLS', ip_addresses: addresses }],
    ...more,
  };
}

export function group(id: string, expression: readonly object[] | null, more: object = {}): object {
  return { id, path: groupPath(id), resource_type: 'Group', expression, ...more };
}

export function condition(key: string, operator: string, value: string, more: object = {}): object {
  return { resource_type: 'Condition', member_type: 'VirtualMachine', key, operator, value, ...more };
}

export const AND = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };
export const OR = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };

/** A rule that allows everything everywhere, but for what is given. */
export function rule(id: string, more: object = {}): object {
  return {
    id,
    action: 'ALLOW',
    source_groups: ['ANY'],
    destination_groups: ['ANY'],
    services: ['ANY'],
    scope: ['ANY'],
    ...more,
  };
}

export function policy(id: string, category: string | null, rules: readonly object[], more: object = {}): object {
  return { id, category, rules, ...more };
}

export const dropAll = policy('default-layer3-section', 'Application', [
  rule('default-layer3-rule', { action: 'DROP' }),
]);

/** A collected configuration. */
export function dump(parts: {
  readonly machines?: readonly object[];
  readonly vifs?: readonly object[];
  readonly segments?: readonly object[];
  readonly groups?: readonly object[];
  readonly services?: readonly object[];
  readonly policies?: readonly object[];
  readonly more?: object;
}): object {
  return {
    services: parts.services ?? null,
    virtual_machines: parts.machines ?? null,
    virtual_network_interface: parts.vifs ?? null,
    segments: parts.segments ?? null,
    tier0: null,
    tier1: null,
    domains: [{ id: 'default', groups: parts.groups ?? [], security_policies: parts.policies ?? [] }],
    ...parts.more,
  };
}

export function read(...files: readonly object[]): NsxImport {
  return importNsx(
    files.map((file, i) => makeSource(`file-${i}.json`, JSON.stringify(file, null, 2))),
    { name: 'nsx' },
  );
}

/** `code: the text underlined` of every diagnostic, in order. */
export function findings(...files: readonly object[]): readonly string[] {
  const sources = files.map((file, i) => makeSource(`file-${i}.json`, JSON.stringify(file, null, 2)));
  return importNsx(sources, { name: 'nsx' }).diagnostics.map(({ code, span }) => {
    const source = sources.find(({ name }) => name === span?.file);
    if (span === null || source === undefined) return code;
    const text = source.text.slice(span.start, span.end).replace(/\s+/g, ' ');
    return `${code}: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
  });
}

/** Codes of every diagnostic, without repeats. */
export function codes(...files: readonly object[]): readonly string[] {
  return [...new Set(read(...files).diagnostics.map(({ code }) => code))];
}

export function onlyRule(layer: Layer): Rule {
  const [first, ...more] = layer.policies.flatMap(({ rules }) => rules);
  if (first === undefined || more.length > 0) throw new Error('the dump has not exactly one rule');
  return first;
}

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, gre: 47, icmp6: 58 };

/** Asks a flow written `web-01 -> db-01 tcp/5432`; ends that are addresses are taken for that. */
export function ask(imported: NsxImport, flow: string, at = 0): Decision {
  const match = /^(.+?) -> (.+?) ([a-z0-9]+)(?:\/([0-9]+))?(?: from ([0-9]+))?$/.exec(flow);
  if (match === null) throw new Error(`not a flow: ${flow}`);
  const [, source = '', destination = '', protocol = '', a, b] = match;
  const end = (text: string): EndpointRef => {
    const address = parseAddress(text);
    return 'problem' in address ? { kind: 'workload', id: text, interface: null } : { kind: 'address', address };
  };
  const { snapshot } = buildSnapshot([imported.layer], { at });
  return decide(snapshot.evaluator, {
    source: end(source),
    destination: end(destination),
    family: null,
    service: {
      protocol: PROTOCOLS[protocol] as number,
      a: a === undefined ? (protocol === 'gre' ? 0 : null) : Number(a),
      b: protocol === 'gre' ? 0 : b === undefined ? null : Number(b),
    },
  });
}

export function verdict(imported: NsxImport, flow: string): string {
  return ask(imported, flow).verdict;
}

/** Names of the machines that a group has as the source of a flow to 198.51.100.1. */
export function membersOf(
  parts: Parameters<typeof dump>[0],
  expression: readonly object[],
  names: readonly string[],
): readonly string[] {
  const imported = read(
    dump({
      ...parts,
      groups: [group('g', expression), ...(parts.groups ?? [])],
      policies: [
        policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')], direction: 'OUT' })]),
        dropAll,
      ],
    }),
  );
  return names.filter((name) => verdict(imported, `${name} -> 198.51.100.1 tcp/443`) === 'allow');
}

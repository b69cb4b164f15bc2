// Writes the graph as lines for a terminal: segments with their workloads, groups with their members, rules.
import { groupBy } from '../../base/multimap.ts';
import { compareNatural } from '../../base/order.ts';
import type { GraphEdge, GraphNode, PolicyGraph } from '../../model/graph.ts';
import { makePrintable } from '../../text/printable.ts';

/** A listing that ends in a line end; parts that would be empty are left out. */
export function renderGraphText(graph: PolicyGraph): string {
  const pick = <K extends GraphEdge['kind']>(kind: K) =>
    graph.edges.filter((edge): edge is Extract<GraphEdge, { kind: K }> => edge.kind === kind);
  const nodes = <K extends GraphNode['kind']>(kind: K) =>
    graph.nodes.filter((node): node is Extract<GraphNode, { kind: K }> => node.kind === kind);
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]));
  const idOf = (key: string): string => byKey.get(key)?.id ?? key;

  const groupsOf = groupBy(pick('member'), (edge) => edge.from);
  const memberOf = groupBy(pick('member'), (edge) => edge.to);
  const attached = groupBy(pick('attached'), (edge) => edge.to);
  const sitesOf = groupBy(pick('in'), (edge) => edge.from);
  const routed = new Map(pick('routed').map((edge) => [edge.from, idOf(edge.to)]));
  const placed = new Set(pick('attached').map((edge) => edge.from));

  const workloadRow = (key: string, addresses: readonly string[]): readonly string[] => {
    const node = byKey.get(key);
    const groups = (groupsOf.get(key) ?? []).map((edge) => `${idOf(edge.to)}${edge.certain ? '' : '?'}`);
    const kind = node?.kind === 'workload' ? node.workloadKind : '';
    return ['', idOf(key), kind, addresses.join(', ') || '-', groups.sort(compareNatural).join(', ') || '-'];
  };

  const segments = nodes('segment').flatMap((segment) => {
    const places = (sitesOf.get(segment.key) ?? []).map((edge) => idOf(edge.to)).join(', ');
    const router = routed.get(segment.key);
    const title = [
      segment.id,
      segment.subnets.join(', '),
      segment.vni === null ? '' : `vni ${segment.vni}`,
      segment.vlan === null ? '' : `vlan ${segment.vlan}`,
      places === '' ? '' : `in ${places}`,
      router === undefined ? '' : `on ${router}`,
    ];
    const rows = (attached.get(segment.key) ?? []).map((edge) => workloadRow(edge.from, edge.addresses));
    const heading = title.filter((item) => item !== '').join('  ');
    return [`  ${makePrintable(heading)}`, ...alignRows(rows)];
  });
  const loose = nodes('workload').filter((workload) => !placed.has(workload.key));
  const groups = nodes('group').map((group) => {
    const members = (memberOf.get(group.key) ?? []).map((e) => `${idOf(e.from)}${e.certain ? '' : '?'}`);
    return ['', group.id, listMembers([...members.sort(compareNatural), ...group.addresses])];
  });
  const rules = pick('rule').map((rule) => {
    const arrow = rule.direction === 'both' ? '->' : `-${rule.direction}->`;
    return ['', idOf(rule.from), arrow, idOf(rule.to), `${rule.action} ${rule.service}`, rule.rule];
  });
  const parts = [
    part('segments', segments),
    part('on no segment', alignRows(loose.map((workload) => workloadRow(workload.key, workload.addresses)))),
    part('groups', alignRows(groups)),
    part('rules', alignRows(rules)),
  ];
  return makeLines(parts.filter((lines) => lines.length > 0));
}

function part(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

const MOST_LISTED = 8;

function listMembers(members: readonly string[]): string {
  if (members.length === 0) return 'empty';
  if (members.length <= MOST_LISTED) return members.join(', ');
  return `${members.slice(0, MOST_LISTED - 1).join(', ')} and ${members.length - MOST_LISTED + 1} more`;
}

/** Columns of equal width, two blanks apart; the last is as long as it is. */
function alignRows(rows: readonly (readonly string[])[]): readonly string[] {
  const printable = rows.map((row) => row.map(makePrintable));
  const widths = printable.reduce<number[]>(
    (known, row) => row.map((cell, i) => Math.max(known[i] ?? 0, cell.length)),
    [],
  );
  return printable.map((row) =>
    `  ${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function makeLines(parts: readonly (readonly string[])[]): string {
  return parts.length === 0 ? 'nothing\n' : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

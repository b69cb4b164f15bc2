// Asks an evaluator in one line of text, and gives the answer as one line: what a test of verdicts reads like.

import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { type Decision, decide } from '../../src/evaluate/decide.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import { explain, type NearMiss } from '../../src/evaluate/explain.ts';
import { type FlowRowOptions, flowRows } from '../../src/evaluate/flow-rows.ts';
import type { Entity } from '../../src/evaluate/flow-units.ts';
import type { FlowService } from '../../src/evaluate/row-services.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Family } from '../../src/net/address.ts';
import { fromServiceRows } from '../../src/net/service-rows.ts';
import { formatServices } from '../../src/net/service-text.ts';
import { noon, question } from './layers.ts';

export function evaluatorOf(layers: readonly Layer[], at = noon): Evaluator {
  return buildSnapshot(layers, { at }).snapshot.evaluator;
}

/** `allow`, `drop by out p.r`, `unknown (why)`: the verdict, who decided where it denies, and why it is not known. */
export function ask(
  evaluator: Evaluator,
  from: string,
  to: string,
  what: string,
  family: Family | null = null,
): string {
  return sayDecision(decide(evaluator, question(from, to, what, family)));
}

function sayDecision({ verdict, reason, points, reply }: Decision): string {
  const denies = points.find((point) => point.verdict === verdict && (verdict === 'drop' || verdict === 'reject'));
  const by = denies === undefined ? '' : ` by ${denies.direction} ${denies.rule ?? `default of ${denies.tier}`}`;
  const back = reply === null || reply === 'allowed' ? '' : `, reply ${reply}`;
  return `${verdict}${by}${reason === null ? '' : ` (${reason})`}${back}`;
}

/** Each near miss as `direction rule: field, field`. */
export function nearMisses(evaluator: Evaluator, from: string, to: string, what: string): readonly string[] {
  const say = ({ direction, rule, failed }: NearMiss): string => `${direction} ${rule}: ${failed.join(', ')}`;
  return explain(evaluator, question(from, to, what)).near.map(say);
}

/** Rows as `a -> b : tcp/80; unknown icmp`. */
export function rowsOf(evaluator: Evaluator, options: Partial<FlowRowOptions> = {}): readonly string[] {
  return [...flowRows(evaluator, { by: 'workload', from: null, to: null, ...options })].map((row) => {
    const parts = row.all ? ['all'] : row.services.length > 0 ? [sayServices(row.services)] : [];
    if (row.unknown.length > 0) parts.push(`unknown ${sayServices(row.unknown)}`);
    return `${sayEntity(row.source)} -> ${sayEntity(row.destination)} : ${parts.join('; ')}`;
  });
}

export function sayEntity(entity: Entity): string {
  if (entity.kind === 'external') return `external ${entity.ranges.join(', ')}`;
  return 'owner' in entity && entity.owner !== undefined ? `${entity.owner} ${entity.id}` : entity.id;
}

/** Services of one kind of reach in the language's words, what holds for one family or some interfaces only marked. */
function sayServices(services: readonly FlowService[]): string {
  const kinds = new Map<string, FlowService[]>();
  for (const service of services) {
    const mark = [service.ip === undefined ? '' : `ipv${service.ip} `, service.interfaces ? 'some ' : ''].join('');
    kinds.set(mark, [...(kinds.get(mark) ?? []), service]);
  }
  return [...kinds].map(([mark, rows]) => `${mark}${formatServices(fromServiceRows(rows))}`).join(', ');
}

// Questions and answers of the corpus as lines of text:
//   web-01 -> db-01 on tcp/5432 : allow by shop.web-to-db
//   10.9.9.9 -> web-01/eth0 on icmp/8 ipv4 : drop by in default of application
// A rule alone decided at both ends; `out` and `in` say at which end. A denial names the points that denied first, an
// unknown those that do not know. `@layer` is there where several layers are loaded.

import type { Decision, PointDecision } from '../../src/evaluate/decide.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import { explain } from '../../src/evaluate/explain.ts';
import type { EndpointRef, Question, ServiceQuestion } from '../../src/model/question.ts';
import { parseAddress } from '../../src/net/address.ts';
import { protocolByName } from '../../src/net/protocols.ts';

const FLOW = /^(.+?) -> (.+?) on (\S+)(?: from (\d+))?(?: ipv([46]))?$/;

/** The question of a line, which must be one. */
export function readFlow(line: string): Question {
  const parts = FLOW.exec(line);
  if (parts === null) throw new Error(`not a flow: ${line}`);
  const [, source = '', destination = '', service = '', from, family] = parts;
  return {
    source: readEndpoint(source),
    destination: readEndpoint(destination),
    family: family === undefined ? null : family === '4' ? 4 : 6,
    service: readService(service, from),
  };
}

function readEndpoint(text: string): EndpointRef {
  const [word, id] = text.split(' ');
  if (id !== undefined && word === 'host') return { kind: 'host', id };
  if (id !== undefined && word === 'service') return { kind: 'service-address', id };
  const address = parseAddress(text);
  if (!('problem' in address)) return { kind: 'address', address };
  const [workload = '', face = null] = text.split('/');
  return { kind: 'workload', id: workload, interface: face };
}

/** `tcp/443`, `icmp/8/0`, `proto/47`; what is left out is asked for every value. */
function readService(text: string, from: string | undefined): ServiceQuestion {
  const [name = '', a, b] = text.split('/');
  if (name === 'proto') return { protocol: Number(a), a: null, b: null };
  const protocol = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmp6: 58 }[name] ?? protocolByName(name);
  if (protocol === undefined) throw new Error(`not a service: ${text}`);
  const number = (value: string | undefined): number | null => (value === undefined ? null : Number(value));
  return { protocol, a: number(a), b: number(from ?? b) };
}

/** The answer, with its reasons. */
export function sayDecision({ verdict, reason, points, reply }: Decision, manyLayers: boolean): string {
  const first = points.find((point) => point.verdict === verdict);
  const deciding = points.filter(
    (point) =>
      verdict === 'allow' ||
      (point.verdict === verdict && (verdict === 'unknown' || point.direction === first?.direction)),
  );
  const by = sayPoints(deciding, manyLayers);
  const back = reply === null || reply === 'allowed' ? '' : `, reply ${reply}`;
  return `${verdict}${by === '' ? '' : ` by ${by}`}${reason === null ? '' : ` (${reason})`}${back}`;
}

function sayPoints(points: readonly PointDecision[], manyLayers: boolean): string {
  const of = (direction: PointDecision['direction']): string =>
    [
      ...new Set(
        points
          .filter((point) => point.direction === direction)
          .map(({ rule, rules, tier, layer }) => {
            const first = rule ?? (tier === '' ? 'no tier' : `default of ${tier}`);
            const name = [...new Set([first, ...rules])].join(' + ');
            return manyLayers ? `${name} @${layer}` : name;
          }),
      ),
    ].join(' and ');
  const [out, into] = [of('out'), of('in')];
  if (out === into) return out;
  return [out === '' ? '' : `out ${out}`, into === '' ? '' : `in ${into}`].filter((part) => part !== '').join(', ');
}

/** `out p.r (source), in p.s (service, direction)`, or `none`. */
export function sayNear(evaluator: Evaluator, line: string): string {
  const { near } = explain(evaluator, readFlow(line));
  return near.map(({ direction, rule, failed }) => `${direction} ${rule} (${failed.join(', ')})`).join(', ') || 'none';
}

// The table of allowed flows for people: `source -> destination  services`, one pair a line, in the words of the policy
// language. Columns are as wide as the first rows need, so that a large table is written as it is computed.

import { groupBy } from '../../base/multimap.ts';
import type { FlowRow } from '../../evaluate/flow-rows.ts';
import type { Entity } from '../../evaluate/flow-units.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import { fromServiceRows } from '../../net/service-rows.ts';
import { formatServices } from '../../net/service-text.ts';
import { makePrintable } from '../../text/printable.ts';
import { columnWidths, type Paint, padCell } from './paint.ts';
import type { NameRanges } from './range-names.ts';

/** Rows that are looked at to find the widths. */
const MEASURED = 1000;
/** A single long name does not push all services off the screen. */
const WIDEST = 40;

/** Lines for the rows; a sentence where there are none. */
export function* renderFlows(rows: Iterable<FlowRow>, nameRanges: NameRanges, paint: Paint): Generator<string> {
  const iterator = rows[Symbol.iterator]();
  const first: FlowRow[] = [];
  let next = iterator.next();
  for (; !next.done && first.length < MEASURED; next = iterator.next()) first.push(next.value);
  if (first.length === 0) {
    yield 'no flow is allowed\n';
    return;
  }
  const widths = columnWidths(
    first.map((row) => [nameEntity(row.source, nameRanges), nameEntity(row.destination, nameRanges), '']),
  );
  const line = (row: FlowRow): string => {
    const source = padCell(nameEntity(row.source, nameRanges), Math.min(WIDEST, widths[0] ?? 0));
    const destination = padCell(nameEntity(row.destination, nameRanges), Math.min(WIDEST, widths[1] ?? 0));
    return `${source} ${paint.dim('->')} ${destination}  ${describeServices(row, paint)}\n`;
  };
  for (const row of first) yield line(row);
  for (; !next.done; next = iterator.next()) yield line(next.value);
}

function nameEntity(entity: Entity, nameRanges: NameRanges): string {
  return makePrintable(entity.kind === 'external' ? nameRanges(entity.ranges) : entity.id);
}

function describeServices(row: FlowRow, paint: Paint): string {
  const allowed = row.all ? ['any'] : describe(row.services);
  // What NetworkPolicy leaves undefined stands in every row of a cluster: it is said in few words.
  const unknown = describe(row.unknown).map((text) =>
    text === 'any except (tcp, udp, sctp)' ? paint.dim('other protocols unknown') : paint.yellow(`unknown: ${text}`),
  );
  return [...allowed.map((text) => paint.green(text)), ...unknown].join('; ');
}

/** One text for each family and each `some`. */
function describe(services: readonly FlowService[]): readonly string[] {
  const parts = groupBy(services, ({ ip, interfaces }) => `${ip === undefined ? '' : `ipv${ip} `}${interfaces ?? ''}`);
  return [...parts].map(([key, rows]) => {
    const [first] = rows;
    const family = first?.ip === undefined ? '' : `ipv${first.ip} `;
    const partly = key.endsWith('some') ? ' (some)' : '';
    return `${family}${formatServices(fromServiceRows(rows))}${partly}`;
  });
}

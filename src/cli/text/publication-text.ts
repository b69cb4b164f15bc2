// What publishing did, for people: the revision, and a line for each row of flows that it opened or closed.
import type { Publication } from '../../api/policies.ts';
import { makePrintable } from '../../text/printable.ts';
import type { Paint } from './paint.ts';
import { plural } from './words.ts';

interface RowText {
  readonly witness?: { readonly source: object; readonly destination: object; readonly service: object };
}

/** Lines that end in a line end. */
export function* renderPublication(publication: Publication, paint: Paint): Generator<string> {
  const { dryRun, changed, revision, gained, lost, unchangedPairs, rowsLeftOut, expectations } = publication;
  const what = dryRun
    ? `would follow ${revision}`
    : changed
      ? `published as ${revision}`
      : `nothing new: still ${revision}`;
  yield `${paint.bold(what)}; ${plural(expectations.passed, 'expectation')} met\n`;
  if (gained.length + lost.length === 0) {
    yield `the same flows are allowed (${plural(unchangedPairs, 'pair')})\n`;
    return;
  }
  for (const row of gained) yield paint.green(`+ ${describe(row)}\n`);
  for (const row of lost) yield paint.red(`- ${describe(row)}\n`);
  if (rowsLeftOut > 0) yield `and ${plural(rowsLeftOut, 'row')} more\n`;
  yield `${plural(unchangedPairs, 'pair')} unchanged\n`;
}

/** A flow that shows the row. */
function describe(row: Publication['gained'][number]): string {
  const { witness } = row as RowText;
  if (witness === undefined) return makePrintable(JSON.stringify(row));
  const { source, destination, service } = witness;
  return makePrintable(`${nameOf(source)} -> ${nameOf(destination)} on ${nameService(service)}`);
}

function nameOf(end: object): string {
  const { id, address } = end as { readonly id?: string; readonly address?: string };
  return id ?? address ?? '';
}

function nameService(service: object): string {
  const { protocol, port, type, number } = service as Readonly<Record<string, string | number | undefined>>;
  const value = port ?? type ?? number;
  return value === undefined ? `${protocol}` : `${protocol}/${value}`;
}

// Turns the rows of a comparison into findings, so that every report can show them at the rule that makes the difference.
import { type Diagnostic, error, note } from '../../text/diagnostic.ts';
import type { FlowChange, SideWords } from './flow-change.ts';

/** `allowed`: whether new flows are a remark; else they are an error. */
export function describeOpened(changes: readonly FlowChange[], base: string, allowed: boolean): readonly Diagnostic[] {
  const make = allowed ? note : error;
  return changes.map((change) =>
    make('ci/flows-opened', `opens ${describe(change)}`, change.span, { notes: compare(change, base) }),
  );
}

export function describeClosed(changes: readonly FlowChange[], base: string): readonly Diagnostic[] {
  return changes.map((change) =>
    note('ci/flows-closed', `closes ${describe(change)}`, change.span, { notes: compare(change, base) }),
  );
}

function describe({ source, destination, services }: FlowChange): string {
  return `\`${source} -> ${destination}\` on \`${services}\``;
}

function compare({ witness, before, after }: FlowChange, base: string): Diagnostic['notes'] {
  const message = `for example \`${witness}\`: ${describeSide(before)} in \`${base}\`, ${describeSide(after)} now`;
  return [{ message, span: null }];
}

function describeSide({ verdict, by }: SideWords): string {
  return `${verdict} by ${by.join(', ')}`;
}

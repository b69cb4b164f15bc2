// `bulkhead fabric tables`: what the control plane tells every host. `bulkhead fabric check`: what is wrong with the
// fabric, with its place.
import type { Fabric } from '../../../overlay/fabric/fabric.ts';
import { openFabric } from '../../../overlay/open-fabric.ts';
import { hasErrors } from '../../../text/diagnostic.ts';
import { makeDiagnosticsDocument } from '../../../text/diagnostic-json.ts';
import { type FabricDocument, makeFabricDocument } from '../../../workspace/formats/fabric.ts';
import { type Context, type ExitCode, emit, emitJson, fail, render, warn } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom, type Opened } from '../../io/open.ts';
import { invalidChoice } from '../../io/refusal.ts';
import { FABRIC_VIEWS } from '../../surface/commands.ts';
import { columnWidths, padCell } from '../../text/paint.ts';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [view = '', ...paths] = words;
  if (!FABRIC_VIEWS.some((known) => known === view))
    return fail(context, [invalidChoice('`fabric`', view, FABRIC_VIEWS)]);
  const segment = typeof values.segment === 'string' ? values.segment : null;
  return answerFrom(context, paths, async (opened) => {
    const { fabric, diagnostics } = openFabric(opened.snapshot.evaluator);
    if (view === 'check') return check(context, opened, diagnostics);
    if (hasErrors(diagnostics)) return fail(context, diagnostics, opened.workspace.sources);
    if (segment !== null && !fabric.segments.has(segment)) return fail(context, [unknownSegment(fabric, segment)]);
    warn(context, diagnostics, opened.workspace.sources);
    const document = makeFabricDocument(fabric, segment);
    return context.format === 'json' ? emitJson(context, document) : emit(context, [renderTables(document)]);
  });
}

function unknownSegment(fabric: Fabric, segment: string) {
  return invalidChoice('`--segment`', segment, [...fabric.segments.keys()].slice(0, 20));
}

/** 1 if there is an error, or with --strict a warning. */
async function check(
  context: Context,
  { workspace }: Opened,
  diagnostics: ReturnType<typeof openFabric>['diagnostics'],
): Promise<ExitCode> {
  const { sources } = workspace;
  const isBad = hasErrors(diagnostics) || (context.strict && diagnostics.length > 0);
  const written =
    context.format === 'json'
      ? await emitJson(context, makeDiagnosticsDocument(diagnostics, sources))
      : await emit(context, [
          diagnostics.length === 0
            ? 'nothing is wrong with the fabric\n'
            : render(context, diagnostics, sources, context.outPath === null && context.terminal.colorOut),
        ]);
  return written === 0 && isBad ? 1 : written;
}

function renderTables({ vnis, macs, arp, floods }: FabricDocument): string {
  return [
    table(
      'VNI to tunnel endpoints',
      ['VNI', 'segment', 'host', 'endpoint', 'subnet'],
      vnis.map((row) => [String(row.vni), row.segment, row.host, row.tep, row.tepSubnet]),
    ),
    table(
      'MAC to tunnel endpoint',
      ['VNI', 'MAC', 'endpoint', 'host', 'of'],
      macs.map((row) => [String(row.vni), row.mac, row.tep ?? 'none', row.host, row.owner]),
    ),
    table(
      'ARP and neighbours',
      ['segment', 'address', 'MAC', 'of'],
      arp.map((row) => [row.segment, row.address, row.mac, row.owner]),
    ),
    table(
      'A flooded frame, in packets',
      ['segment', 'mode', 'from', 'sent', 'in all', 'between subnets'],
      floods.map((row) => [
        row.segment,
        row.replication,
        row.from,
        String(row.sent),
        String(row.total),
        String(row.crossing),
      ]),
    ),
  ].join('\n');
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = columnWidths(all);
  const lines = all.map((row) => `  ${row.map((cell, i) => padCell(cell, widths[i] ?? 0)).join('  ')}`.trimEnd());
  return `${title}\n${rows.length === 0 ? '  none' : lines.join('\n')}\n`;
}

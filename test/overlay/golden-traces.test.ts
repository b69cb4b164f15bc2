// The traces of the example, each as a person and as a program reads it. `UPDATE=1` writes them anew.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePaint } from '../../src/cli/text/paint.ts';
import { renderTrace } from '../../src/cli/text/trace-text.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { parseAddress } from '../../src/net/address.ts';
import { openFabric } from '../../src/overlay/open-fabric.ts';
import type { Walk, WalkOptions } from '../../src/overlay/walk/walk.ts';
import { makeSource } from '../../src/text/source.ts';
import type { Sources } from '../../src/workspace/formats/place.ts';
import { makeTraceDocument } from '../../src/workspace/formats/trace.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { fabricOf, walkOf } from './fabric-of.ts';
import { TWO_SITES } from './two-sites.ts';

const FOLDER = 'test/overlay/fixtures/traces';
const at = Date.UTC(2026, 10, 21, 12);
const workspace = loadWorkspace({ paths: ['policies'], world: [], cwd: process.cwd() });
const { snapshot } = buildSnapshot(workspace.layers, { at });
const { fabric, diagnostics } = openFabric(snapshot.evaluator);

function spoof(text: string): WalkOptions {
  const address = parseAddress(text);
  if ('problem' in address) throw new Error(address.problem);
  return { spoof: address };
}

/** Of the fabric of the other tests: nodes that are virtual machines, which the example has none of. */
const NESTED: readonly (readonly [name: string, flow: string, end: string])[] = [
  ['nested-pods', 'pod-1 -> pod-3 tcp/8080', 'delivered'],
  ['nested-pod-to-vm', 'pod-1 -> db-1 tcp/5432', 'delivered'],
];
const CASES: readonly (readonly [name: string, flow: string, end: string, options?: WalkOptions])[] = [
  ['one-host', 'bastion-e1 -> vault-e1 tcp/22', 'delivered'],
  ['across-hosts', 'bastion-e1 -> idp-e1 tcp/22', 'delivered'],
  ['across-tier-1s', 'bastion-e1 -> cart-cache-1 tcp/22', 'delivered'],
  ['across-tier-1s-with-services', 'checkout-e1 -> pay-api-1 tcp/8443', 'delivered'],
  ['across-sites', 'bastion-e1 -> vault-w1 tcp/22', 'delivered'],
  ['vm-to-pod', 'metrics-e1 -> web-e1 tcp/9464', 'delivered'],
  ['pod-vm-to-vm', 'recommend-1 -> dns-e1 udp/53', 'delivered'],
  ['north-south', 'proxy-e1 -> 198.51.100.77 tcp/443', 'delivered'],
  ['from-outside', '198.51.100.77 -> edge-lb-e1/outside tcp/443', 'delivered'],
  ['gateway-deny', '198.51.100.77 -> edge-lb-e1/outside tcp/22', 'denied-at-gateway'],
  ['boundary-deny', 'bastion-e1 -> media-w1 tcp/22', 'denied-at-boundary'],
  ['reply-blocked', 'staging-web-1 -> media-w1 tcp/443', 'reply-blocked'],
  ['spoofed', 'orders-db-1 -> dns-e1 udp/53', 'spoofed', spoof('10.10.11.99')],
  ['no-route', '2001:db8:100:30::22 -> 2001:db8:101:30::82 tcp/22', 'no-route'],
  ['too-big', 'bastion-e1 -> vault-w1 tcp/22', 'too-big', { size: 1500 }],
  ['fragmented', 'bastion-e1 -> vault-w1 tcp/22', 'delivered', { size: 1500, dontFragment: false }],
  ['storage', 'host/esx-e1 -> storage-e1 tcp/2233', 'delivered'],
  ['service-address', 'web-e1 -> 10.96.0.20 tcp/443', 'delivered'],
  ['denied', 'web-e1 -> orders-db-1 tcp/5432', 'denied-out'],
];

function compare(name: string, flow: string, end: string, walked: Walk, sources: Sources): void {
  const ends = { source: walked.source?.id ?? 'outside', destination: walked.destination?.id ?? 'outside' };
  const document = makeTraceDocument(walked, ends, '2026-11-21T12:00:00Z', sources);
  const written = {
    txt: renderTrace(walked, flow, sources, makePaint(false)),
    json: `${JSON.stringify(document, null, 1)}\n`,
  };
  expect(walked.disposition).toBe(end);
  mkdirSync(FOLDER, { recursive: true });
  for (const [kind, text] of Object.entries(written)) {
    const file = `${FOLDER}/${name}.${kind}`;
    if (process.env.UPDATE === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  }
}

it('the fabric of the example has nothing wrong', () => {
  expect(diagnostics).toEqual([]);
});

describe('a trace of the example', () => {
  it.each(CASES.map(([name, flow, end, options = {}]) => ({ name, flow, end, options })))(
    '$name: $flow',
    ({ name, flow, end, options }) => {
      compare(name, flow, end, walkOf(fabric, flow, options), workspace.sources);
    },
  );

  it.each(NESTED)('%s: %s', (name, flow, end) => {
    const sources = new Map([['root.seg', makeSource('root.seg', TWO_SITES.seg ?? '')]]);
    compare(name, flow, end, walkOf(fabricOf(TWO_SITES).fabric, flow), sources);
  });

  it('has a file for each kind of reader and no other', () => {
    const names = [...CASES, ...NESTED].flatMap(([name]) => [`${name}.json`, `${name}.txt`]).sort();
    expect(readdirSync(FOLDER).sort()).toEqual(names);
  });

  it('is judged twice on one host, leaving and arriving', () => {
    const { steps } = walkOf(fabric, 'bastion-e1 -> vault-e1 tcp/22');
    expect(
      steps.filter(({ stage }) => stage.startsWith('dfw')).map(({ stage, component }) => `${stage} ${component}`),
    ).toEqual(['dfw-out bastion-e1/eth0', 'dfw-in vault-e1/eth0']);
    expect(steps.some(({ stage }) => stage === 'encapsulation')).toBe(false);
  });
});

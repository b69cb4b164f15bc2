// The options of `trace`: what the packet is like, and what of the fabric has failed.
import { type Address, parseAddress } from '../../net/address.ts';
import { type Fabric, type Failures, tunnelKey } from '../../overlay/fabric/fabric.ts';
import type { WalkOptions } from '../../overlay/walk/walk.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { ENCAPSULATIONS, TCP_FLAGS } from '../surface/commands.ts';
import type { GlobalValues } from './globals.ts';
import { invalidChoice, usage } from './refusal.ts';

export interface TraceOptions {
  readonly walk: WalkOptions;
  /** What `--fail` says. */
  readonly failures: Failures;
  /** What was said to fail and is not there. */
  check(fabric: Fabric): readonly Diagnostic[];
}

/** The options, and what is wrong with them. */
export function readTraceOptions(values: GlobalValues): {
  readonly options: TraceOptions;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const number = (name: string, least: number, most: number): number | null => {
    const text = values[name];
    if (typeof text !== 'string') return null;
    const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    diagnostics.push(
      usage('usage/invalid-value', `\`--${name}\` does not take \`${text}\``, `a number from ${least} to ${most}`),
    );
    return null;
  };
  const choice = <T extends string>(name: string, choices: readonly T[]): T | null => {
    const text = values[name];
    if (typeof text !== 'string') return null;
    const found = choices.find((each) => each === text) ?? null;
    if (found === null) diagnostics.push(invalidChoice(`\`--${name}\``, text, choices));
    return found;
  };
  const ttl = number('ttl', 1, 255);
  const size = number('size', 20, 65535);
  const flags = choice('flags', TCP_FLAGS);
  const encapsulation = choice('encapsulation', ENCAPSULATIONS);
  const spoof = readSpoof(values.spoof, diagnostics);
  const failed = Array.isArray(values.fail) ? (values.fail as readonly string[]) : [];
  const walk: WalkOptions = {
    ...(ttl === null ? {} : { ttl }),
    ...(size === null ? {} : { size }),
    ...(flags === null ? {} : { flags }),
    ...(encapsulation === null ? {} : { encapsulation }),
    ...(spoof === null ? {} : { spoof }),
    ...(values.fragment === true ? { dontFragment: false } : {}),
  };
  return {
    options: {
      walk,
      failures: failuresOf(failed),
      check: (fabric) => unknownFailures(fabric, failed),
    },
    diagnostics,
  };
}

function readSpoof(text: unknown, diagnostics: Diagnostic[]): Address | null {
  if (typeof text !== 'string') return null;
  const address = parseAddress(text);
  if (!('problem' in address)) return address;
  diagnostics.push(
    usage('usage/invalid-value', `\`--spoof\` does not take \`${text}\``, 'an address such as `10.10.1.11`'),
  );
  return null;
}

const BOTH = /^(.+?)\s*<->\s*(.+)$/;

/** A name fails as whatever has it: a host, a site, a router. */
function failuresOf(names: readonly string[]): Failures {
  const tunnels = names.flatMap((name) => {
    const ends = BOTH.exec(name);
    return ends === null ? [] : [tunnelKey(ends[1] ?? '', ends[2] ?? '')];
  });
  const things = new Set(names);
  return { hosts: things, sites: things, routers: things, tunnels: new Set(tunnels) };
}

function unknownFailures(fabric: Fabric, names: readonly string[]): readonly Diagnostic[] {
  const tunnels = new Set(fabric.tunnels.map(({ from, to }) => tunnelKey(from, to)));
  return names.flatMap((name) => {
    const ends = BOTH.exec(name);
    const isKnown =
      ends === null
        ? fabric.hosts.has(name) || fabric.sites.has(name) || fabric.routers.has(name)
        : tunnels.has(tunnelKey(ends[1] ?? '', ends[2] ?? ''));
    if (isKnown) return [];
    return usage(
      'usage/invalid-value',
      `\`--fail\` does not take \`${name}\`: there is no such host, site, router or tunnel`,
      'name one of the world, or a tunnel in quotes: `--fail "east <-> west"`',
    );
  });
}

// Turns grants as a configuration writes them into grants: addresses are parsed, what is left out is not granted.

import { type AddressSet, parseAddresses, unionAllAddresses } from '../../net/address-set.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Grant, GrantedRange, Grants } from './grants.ts';

/** The grant of one project, as written. */
export interface GrantText {
  readonly tiers?: readonly string[] | undefined;
  /** Addresses, networks and ranges in the address space without a name. */
  readonly addresses?: readonly string[] | undefined;
  /** The same in named address spaces, by the name of the space. */
  readonly spaces?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly segments?: readonly string[] | undefined;
  readonly sites?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
}

export interface GrantsText {
  readonly projects: Readonly<Record<string, GrantText>>;
  readonly privateModules?: readonly string[] | undefined;
  readonly reservedLabels?: readonly string[] | undefined;
}

/** The grants, with a problem for each text that is no address. */
export function readGrants(text: GrantsText): {
  readonly grants: Grants;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const parse = (project: string, texts: readonly string[]): AddressSet =>
    unionAllAddresses(
      texts.flatMap((each) => {
        const parsed = parseAddresses(each);
        if (!('problem' in parsed)) return [parsed];
        const message = `project \`${project}\` is granted \`${each}\`: ${parsed.problem}`;
        diagnostics.push(error('project/grant', message, null, { help: parsed.help ?? null }));
        return [];
      }),
    );
  const projects = new Map(
    Object.entries(text.projects).map(([project, written]): [string, Grant] => {
      const ranges: GrantedRange[] = Object.entries(written.spaces ?? {}).map(([space, texts]) => ({
        space,
        addresses: parse(project, texts),
      }));
      if (written.addresses !== undefined)
        ranges.unshift({ space: null, addresses: parse(project, written.addresses) });
      const { tiers = [], segments = [], sites = [], hosts = [], namespaces = [] } = written;
      return [project, { project, tiers, ranges, segments, sites, hosts, namespaces }];
    }),
  );
  const { privateModules = [], reservedLabels = [] } = text;
  return { grants: { projects, privateModules, reservedLabels }, diagnostics };
}

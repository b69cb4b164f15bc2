// SpoofGuard: where the segment asks for it, a source address that is not bound to the interface goes no further.

import { formatAddress } from '../../net/address.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Stage, TableUse } from '../step/step.ts';

export const spoofguard: Stage = (packet) => {
  const { source, header } = packet;
  const component = source?.id ?? 'outside';
  if (source?.segment?.spoofguard !== true) {
    return goOn('spoofguard', component, 'forwarded', packet, 'ethernet', { note: 'off' });
  }
  const key = formatAddress(header.source);
  const isBound = source.addresses.some(({ value }) => value === header.source.value);
  const tables: readonly TableUse[] = [{ table: 'bindings', key, value: isBound ? source.id : null }];
  if (isBound) return goOn('spoofguard', component, 'allowed', packet, 'ethernet', { tables });
  const reason = `\`${key}\` is not bound to \`${source.id}\``;
  return endHere('spoofguard', component, 'dropped', packet, 'spoofed', reason, { tables });
};

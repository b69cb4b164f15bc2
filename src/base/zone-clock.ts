// What the clocks of zones show. The runtime knows, and takes long to say: its answers are kept, one for each stretch of
// hours in which a clock is not changed.

const HOUR = 60 * 60_000;
/** No zone has ever changed its clock twice in so short a time. */
export const STRETCH = 6 * HOUR;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Of each zone, by the number of the stretch: the offset throughout; null: the clock is changed in it. */
const known = new Map<string, Map<number, number | null>>();
const MOST_KNOWN = 100_000;

/**
 * Milliseconds to add to an instant (milliseconds since 1970, UTC) so that it reads, as UTC, what the clock of the zone
 * shows. The zone is `UTC` or a name that the runtime knows.
 */
export function offsetAt(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  let stretches = known.get(zone);
  if (stretches === undefined || stretches.size >= MOST_KNOWN) {
    stretches = new Map();
    known.set(zone, stretches);
  }
  const stretch = Math.floor(at / STRETCH);
  const kept = stretches.get(stretch);
  if (kept === null) return askOffset(zone, at);
  if (kept !== undefined) return kept;
  const first = askOffset(zone, stretch * STRETCH);
  const isSame = askOffset(zone, (stretch + 1) * STRETCH) === first;
  stretches.set(stretch, isSame ? first : null);
  return isSame ? first : askOffset(zone, at);
}

function askOffset(zone: string, at: number): number {
  let format = formatters.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, format);
  }
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
  const number = (part: Intl.DateTimeFormatPartTypes): number => Number(parts.get(part));
  const shown = Date.UTC(
    number('year'),
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

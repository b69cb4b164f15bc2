// Turns the text of an instant, as options and requests give it, into one.
// A date is the start of that day in UTC. The language's `until`, which includes its day, is bound elsewhere.

/** RFC 3339 with `T` or a blank, seconds and fractions optional, an offset required: no clock of this machine is asked. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since the epoch of an RFC 3339 text or a date; null if it is neither, or names a day that does not exist. */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text.trim());
  if (match === null) return null;
  const [, date = '', time = '00:00', seconds = ':00', offset = 'Z'] = match;
  // Date.parse takes the 31st of a month of 30 days for the 1st of the next.
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return null;
  const at = Date.parse(`${date}T${time}${seconds.slice(0, 7)}${offset.toUpperCase()}`);
  return Number.isNaN(at) ? null : at;
}

/** Times on the wire: ISO 8601, UTC when they name no offset, a date alone being its first moment. */

const ISO =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:T((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/i;

/** undefined for what is not such a time, 30 February included. Digits below the millisecond are dropped. */
export function parseIsoTime(text: string): Date | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, day = "", clock = "00:00", offset = "Z"] = match;
  // V8 rolls 30 February over into March: the day must come back as it was given.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const [whole = "", fraction = ""] = clock.split(".");
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const time = new Date(`${day}T${whole}${fraction && `.${fraction.slice(0, 3)}`}${zone}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

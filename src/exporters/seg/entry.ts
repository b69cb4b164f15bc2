// Data of documents as plain values, and entries without what has nothing to say.

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
export type Entry = { readonly [key: string]: Json };

/** Without what is null or an empty list. */
export function compact(entry: Readonly<Record<string, Json | null>>): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter((pair): pair is [string, Json] => {
      const value = pair[1];
      return value !== null && !(Array.isArray(value) && value.length === 0);
    }),
  );
}

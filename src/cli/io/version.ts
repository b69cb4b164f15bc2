// The version of this program, which the build puts in place of a name.

declare const BULKHEAD_VERSION: string;

export const VERSION: string = BULKHEAD_VERSION;

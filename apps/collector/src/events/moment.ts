/** For words: `2026-01-02 03:04:05 UTC`. */
export const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

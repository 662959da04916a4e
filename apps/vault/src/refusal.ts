/** Why the vault refuses: codes of docs/vault-sdk.md, each with its status of HTTP. */
export const refusals = {
  ...{ invalid: 400, not_signed_in: 401, not_permitted: 403, not_found: 404, checked_out: 409, approval_needed: 409 },
  ...{ conflict: 409, slow_down: 429, unavailable: 503 },
} as const;
export type RefusalCode = keyof typeof refusals;

/** What the vault answers instead of doing it. The sentence is for the caller and holds no secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** What a program needs beside the words, such as the id of a pending request. */
  readonly members: Readonly<Record<string, string | number>>;

  constructor(code: RefusalCode, sentence: string, members: Readonly<Record<string, string | number>> = {}) {
    super(sentence);
    this.code = code;
    this.members = members;
  }
}

/** Why a program cannot start: one or two sentences for people that name the thing, and the flag that changes it. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
  readonly flag: string | null;

  constructor(sentence: string, flag: string | null, options?: { cause?: unknown }) {
    super(sentence, options);
    this.flag = flag;
  }
}

import type { JumpChannel, JumpLine } from '@gatehouse/remote-access/jump';

/** A line that was let in, and what is open over it. */
export interface HeldLine {
  readonly lineId: string;
  readonly clientId: number;
  readonly line: JumpLine;
  readonly channels: ReadonlySet<JumpChannel>;
  /** It ends with the line. */
  keep(channel: JumpChannel): void;
  close(code: number, reason: string): void;
  /** Its Jump Client is not what it was: closes the line with what became of it. */
  explainAbsence(): Promise<void>;
  /** Resolves once it is over, and that is written down. */
  readonly left: Promise<void>;
}

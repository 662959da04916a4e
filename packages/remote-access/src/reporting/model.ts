/** Somebody in a session: `gsnumber` tells them apart there. */
interface Participant {
  readonly gsnumber: number;
  readonly username: string;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly isPrimary: boolean;
}

export interface Customer extends Participant {
  readonly name: string;
  readonly company: string;
  readonly issue: string;
}

export interface Representative extends Participant {
  /** Null: the site does not say. */
  readonly id: number | null;
  readonly name: string;
  readonly secondsInvolved: number;
}

/** Who did something, or to whom; `system` is the site. */
export interface Actor {
  readonly type: string;
  readonly gsnumber: number | null;
  readonly name: string;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface SystemCategory {
  readonly name: string;
  readonly rows: readonly (readonly NamedValue[])[];
}

/** What happened. The order of events is that of the site: several may be of one second. */
export interface SessionEvent {
  readonly at: Date | null;
  /** `Chat Message`, `Session Note Added` … */
  readonly type: string;
  readonly performedBy: Actor | null;
  readonly destination: Actor | null;
  readonly body: string | null;
  readonly file: SessionFile | null;
  readonly data: readonly NamedValue[];
  readonly system: readonly SystemCategory[];
}

export interface SessionFile {
  readonly name: string;
  readonly size: number | null;
  /** Where it can be had; null: the site does not say, or does not keep it. */
  readonly url: string | null;
}

export interface Question {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly answers: readonly string[];
}

export interface Survey {
  /** Of the session that it is about; never taken from anything else. */
  readonly lsid: string;
  readonly kind: 'customer' | 'representative';
  readonly at: Date | null;
  readonly by: Actor | null;
  readonly questions: readonly Question[];
}

export interface Session {
  readonly lsid: string;
  readonly number: number | null;
  readonly type: string;
  readonly startedAt: Date | null;
  /** Null: it goes on. */
  readonly endedAt: Date | null;
  readonly externalKey: string;
  /** By code name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly jumpGroup: string | null;
  readonly customers: readonly Customer[];
  readonly representatives: readonly Representative[];
  readonly fileTransfers: number;
  readonly urls: {
    readonly chatView: string | null;
    readonly chat: string | null;
    readonly recording: string | null;
    readonly shells: readonly string[];
  };
  readonly events: readonly SessionEvent[];
  /** Of the events that are about one. */
  readonly files: readonly (SessionFile & { readonly type: string; readonly at: Date | null })[];
  readonly surveys: readonly Survey[];
}

export interface ListedSession {
  readonly lsid: string;
  readonly hasRecording: boolean;
  readonly externalKey: string;
}

/** Which sessions: those that are named, or those that began or ended in a time. */
export type Choice =
  | { readonly lsids: readonly string[] }
  /** Sessions that go on have begun and not ended. `seconds` left out: until now. */
  | { readonly by: 'start' | 'end'; readonly from: Date; readonly seconds?: number };

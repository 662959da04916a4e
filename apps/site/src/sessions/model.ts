import type { Database } from '@gatehouse/database';
import type { Clock, PersonId } from '@gatehouse/kernel';
import type { Log, Principal, Sealer } from '@gatehouse/server';
import type { Ending, SessionRules } from '../api/console.ts';
import type { CredentialDoor, JumpItemId } from '../ecm/index.ts';
import type { Jumpoints } from '../jump-clients/index.ts';

/** Every wait of sessions, in milliseconds. */
export interface SessionPace {
  /** Between two looks at every live session. */
  readonly roundMs: number;
  /** What a minute of a rule lasts. */
  readonly minuteMs: number;
  /** A session whose page is gone waits so long for it to come back. */
  readonly graceMs: number;
  /** How long somebody may take to approve a credential. */
  readonly approvalMs: number;
  /** What was shown is recorded after so long at the latest. */
  readonly flushMs: number;
  /** How often a page hears that its site is there, and an endpoint of SSH is asked whether it is. */
  readonly beatMs: number;
}

export const usualPace: SessionPace = {
  ...{ roundMs: 1_000, minuteMs: 60_000, graceMs: 60_000, approvalMs: 3_600_000, flushMs: 300 },
  beatMs: 10_000,
};

export interface SessionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly door: CredentialDoor;
  readonly jumpoints: Jumpoints;
  /** Of this copy of the program: its sessions end with it. */
  readonly processId: string;
  readonly pace: SessionPace;
  /** Aborts when this copy has no more time to write anything down: others find out then. */
  readonly stopped: AbortSignal;
}

/** How a session ended. */
export interface End {
  readonly ending: Ending;
  /** Who ended it, where it was somebody else than its person. */
  readonly by: string | null;
  /** What to do about it, for its person. */
  readonly problem: string | null;
}

export type PersonPrincipal = Principal & { readonly kind: 'person' };

/** What a session is about; nothing of it changes. */
export interface Errand {
  readonly id: string;
  readonly correlationId: string;
  readonly principal: PersonPrincipal;
  readonly personId: PersonId;
  readonly userId: number;
  readonly item: JumpItemId & { readonly name: string };
  readonly place: Place;
  readonly rules: SessionRules;
  readonly isRecorded: boolean;
  /** Whose recipients are told of it by mail. */
  readonly jumpPolicyId: number | null;
}

/** Where an endpoint is, and how it is spoken to. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Of a shell. */
  readonly term: string;
  /** Of RDP: whatever certificate it shows. */
  readonly anyCertificate: boolean;
  /** Typed where no vault has a credential. */
  readonly username: string;
  readonly domain: string;
  readonly protocol: 'ssh' | 'telnet' | 'vnc' | 'rdp';
  /** From where it is reached. */
  readonly jumpointId: number;
}

import type { Host } from '@gatehouse/host';
import type { Secret } from '@gatehouse/kernel';
import type { z } from 'zod';
import type { Tokens } from './tokens.ts';

/** What somebody wants to log in to. */
export interface Endpoint {
  /** As the site knows it: a short or a full name. */
  readonly hostname: string;
  /** IPv4 or IPv6 where it is known. */
  readonly address: string | null;
  /** The domain that it is joined to, as a full name; null where nobody knows. */
  readonly domain: string | null;
  /** Left out: credentials of every kind are wanted, as when settings are tested. */
  readonly protocol?: Protocol;
}

export const protocols = ['ssh', 'vnc', 'rdp', 'postgresql', 'mysql', 'mssql'] as const;
export type Protocol = (typeof protocols)[number];

/** Who asks, and for what. */
export interface Question {
  /** As the site names the person: `user1`, `DOMAIN\username` or `username@domain`. */
  readonly person: string;
  readonly endpoint: Endpoint;
  /**
   * Says which name is asked of the vault and why, for the log of whoever has to find out why a list is empty. Never a
   * secret, never a token.
   */
  trace(line: string): void;
}

/** What the console may show. It has no field that could hold a secret. */
export interface Listing {
  /** Names it to the same vault; opaque to everybody else, at most 500 characters, the same at every listing. */
  readonly credential: string;
  readonly kind: Credential['kind'];
  readonly username: string;
  /** What people choose by: `NS\sarcher.admin`, `JAmos Domain Credentials`. */
  readonly label: string;
  /** Somebody has to approve before it is handed out. */
  readonly needsApproval: boolean;
}

export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly domain: string | null; readonly password: Secret }
  | {
      readonly kind: 'ssh-key';
      readonly username: string;
      readonly privateKey: Secret;
      readonly passphrase: Secret | null;
    }
  | {
      readonly kind: 'ssh-certificate';
      readonly username: string;
      readonly privateKey: Secret;
      /** One line, as OpenSSH writes it. */
      readonly certificate: string;
    };

/** Written down by the host before the vault is asked, so that a crash never loses one. */
export interface Lease {
  readonly id: string;
  readonly credential: string;
  readonly person: string;
  readonly endpoint: Endpoint;
  readonly reason: string;
  readonly ticket: string | null;
  readonly expiresAt: Date;
  /** What the plugin kept while it retrieved; null where it kept nothing. */
  readonly kept: string | null;
}

/** What a vault answers to a lease. */
export type Retrieved =
  | { readonly state: 'ready'; readonly credential: Credential }
  /** Somebody has to approve first. Asked again for the same lease after `againMs`, it does not ask twice for approval. */
  | { readonly state: 'waiting'; readonly advice: string; readonly againMs: number };

/** Of one retrieval. */
export interface Retrieval {
  /**
   * Keeps what it takes to release (the id of a request) durably, as soon as there is something to release: at most 1,000
   * characters, no secret. Comes back as `lease.kept`.
   */
  keep(state: string): Promise<void>;
  trace(line: string): void;
}

export interface Vault<Config extends z.ZodType = z.ZodType, Client = unknown> {
  /** Folder name and database value. Never changes. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** The only description of the settings. */
  readonly config: Config;
  /** Whose rights decide what is listed and handed out: the person's own, or those of the account that the plugin signs in with. */
  readonly impersonation: 'acts-as-user' | 'filters-by-service-account';
  /** Builds a client. No traffic, no side effects. */
  connect(config: z.output<Config>, host: Host, tokens: Tokens): Client;
  /** Returning means reachable and signed in. Anything else is a thrown Fault. */
  check(client: Client): Promise<void>;
  /** What this person may use on this endpoint. Descriptions only. */
  list(client: Client, question: Question): AsyncIterable<Listing>;
  /** Hands out one credential for one lease. Asking again for the same lease is not a second one. */
  retrieve(client: Client, lease: Lease, retrieval: Retrieval): Promise<Retrieved>;
  /**
   * Ends the lease, and has the password changed where the settings say so. Idempotent: an unknown or ended lease is a
   * success.
   */
  release(client: Client, lease: Lease, release: Pick<Retrieval, 'trace'>): Promise<void>;
}

export const defineVault = <Config extends z.ZodType, Client>(vault: Vault<Config, Client>) => vault;

/** A vault whose settings and client only it knows: the one place where the types are erased. */
export interface AnyVault {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly config: z.ZodType;
  readonly impersonation: Vault['impersonation'];
  connect(config: never, host: Host, tokens: Tokens): unknown;
  check(client: never): Promise<void>;
  list(client: never, question: Question): AsyncIterable<Listing>;
  retrieve(client: never, lease: Lease, retrieval: Retrieval): Promise<Retrieved>;
  release(client: never, lease: Lease, release: Pick<Retrieval, 'trace'>): Promise<void>;
}

/** The other way, for the one who runs it: hands `connect` what `config` parsed, and the rest the client it made. */
export const erasedVault = (vault: AnyVault): Vault => vault as unknown as Vault;

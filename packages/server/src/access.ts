import type { PersonId, TenantId } from '@gatehouse/kernel';

/** Roles in a tenant, weakest first. A role may do everything a weaker one may. */
export const tenantRoles = ['reader', 'analyst', 'administrator'] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** Who is calling: a person with a session or an API key, or the operator of this machine through the command line. */
export type Principal =
  | {
      readonly kind: 'person';
      readonly personId: PersonId;
      readonly name: string;
      readonly email: string;
      readonly systemAdministrator: boolean;
    }
  | { readonly kind: 'operator'; readonly name: string; readonly systemAdministrator: true };

/**
 * Proof that a principal may act in one tenant with one role, made only by the server's access check.
 * Store functions take the grant, not a tenant id, so it cannot be used for another tenant.
 */
export interface TenantGrant {
  readonly tenantId: TenantId;
  readonly role: TenantRole;
  readonly principal: Principal;
  /** One id from request to job to audit. */
  readonly correlationId: string;
}

/** What a route asks of its caller. Every route states one; the server refuses to start with a route that does not. */
export type Access =
  | 'public'
  /**
   * A program that proves itself by what it sends, which the route itself checks. Who signed in does not count here, so
   * no other site can misuse a cookie, and no `Origin` is asked for.
   */
  | 'program'
  | 'signed-in'
  | 'system-administrator'
  /** The `:tenantId` of the path; a tenant the caller has no role in answers 404, too weak a role 403. */
  | { readonly tenant: TenantRole };

/** What a principal does outside any tenant, and the id that joins it to its log lines and audit rows. */
export interface Act {
  readonly principal: Principal;
  readonly correlationId: string;
}

/** What a program that proved itself does in one tenant: an author for the audit, and never a caller of people's routes. */
export interface ProgramAct {
  readonly tenantId: TenantId;
  readonly principal: { readonly kind: 'program'; readonly id: string; readonly name: string };
  readonly correlationId: string;
}

/** The same outside any tenant, for programs that serve one organisation. */
export type ByProgram = Omit<ProgramAct, 'tenantId'>;
